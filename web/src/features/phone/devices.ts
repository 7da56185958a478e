// Which microphone, speaker and ring device a person chose in this browser, and which there are. Refuses to open any of them.
import { useEffect, useState, useSyncExternalStore } from "react";
import type { DeviceChoice } from "./audio";

const STORED = "casewire.sound_devices";
const NONE: DeviceChoice = { inputId: undefined, outputId: undefined, ringId: undefined };

let choice: DeviceChoice = read();
const listeners = new Set<() => void>();

function read(): DeviceChoice {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    const id = (name: string): string | undefined => {
      const value: unknown = Object(stored)[name];
      return typeof value === "string" && value !== "" ? value : undefined;
    };
    return { inputId: id("inputId"), outputId: id("outputId"), ringId: id("ringId") };
  } catch {
    return NONE;
  }
}

export function chosenDevices(): DeviceChoice {
  return choice;
}

export function chooseDevices(change: Partial<DeviceChoice>): void {
  choice = { ...choice, ...change };
  try {
    localStorage.setItem(STORED, JSON.stringify(choice));
  } catch {
    // Storage can be refused; the choice then lasts as long as the page.
  }
  for (const listener of [...listeners]) {
    listener();
  }
}

export function watchDevices(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function useChosenDevices(): DeviceChoice {
  return useSyncExternalStore(watchDevices, chosenDevices);
}

export type Devices = { inputs: readonly MediaDeviceInfo[]; outputs: readonly MediaDeviceInfo[] };
const NO_DEVICES: Devices = { inputs: [], outputs: [] };

/** The devices of this computer, as they come and go; without names until the microphone was allowed once. */
export function useDevices(opened: boolean): Devices {
  const [devices, setDevices] = useState(NO_DEVICES);
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are there only once the microphone was opened
  useEffect(() => {
    const media = navigator.mediaDevices;
    if (media?.enumerateDevices === undefined) {
      return;
    }
    let isOver = false;
    const look = (): void => {
      media
        .enumerateDevices()
        .then((found) => {
          if (!isOver) {
            const of = (kind: MediaDeviceKind) =>
              found.filter((one) => one.kind === kind && one.deviceId !== "" && one.deviceId !== "default");
            setDevices({ inputs: of("audioinput"), outputs: of("audiooutput") });
          }
        })
        .catch(() => {});
    };
    look();
    media.addEventListener("devicechange", look);
    return () => {
      isOver = true;
      media.removeEventListener("devicechange", look);
    };
  }, [opened]);
  return devices;
}

/** Whether this browser lets a page choose where sound comes out. */
export function canChooseOutput(): boolean {
  return typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;
}
