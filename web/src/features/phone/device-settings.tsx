// Microphone, speaker and ring device of this browser, with a test: a meter that moves when one speaks, and a tone to hear.
import { Mic, MicOff, Volume2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { text } from "../../text/en";
import { Banner, Button, Field, Select } from "../../ui";
import type { Obstacle } from "./audio";
import { canChooseOutput, chooseDevices, useChosenDevices, useDevices } from "./devices";
import { LevelMeter } from "./level-meter";
import { MicrophoneRefused, openMicrophone } from "./microphone";
import { playTestTone } from "./test-tone";

const w = text.phone;
const STANDARD = "standard";
/** Louder than this is a voice, not the room. */
const VOICE = 0.02;
const LOOK_MS = 80;

export function DeviceSettings() {
  const chosen = useChosenDevices();
  const test = useMicrophoneTest(chosen.inputId);
  const { inputs, outputs } = useDevices(test.isOn);
  const areNamed = [...inputs, ...outputs].some((device) => device.label !== "");
  return (
    <section aria-labelledby="phone-devices" className="rounded-lg border border-line bg-surface p-4 shadow-card">
      <h2 id="phone-devices" className="text-base font-semibold">
        {w.page.devices}
      </h2>
      <p className="text-sm text-muted">{w.page.devicesHint}</p>
      <div className="mt-3 flex flex-col gap-3">
        <DevicePicker
          label={w.page.microphone}
          devices={inputs}
          value={chosen.inputId}
          onChoose={(inputId) => chooseDevices({ inputId })}
        />
        <MicrophoneTest test={test} />
        {canChooseOutput() ? (
          <>
            <DevicePicker
              label={w.page.speaker}
              devices={outputs}
              value={chosen.outputId}
              onChoose={(outputId) => chooseDevices({ outputId })}
            />
            <DevicePicker
              label={w.page.ring}
              devices={outputs}
              value={chosen.ringId}
              onChoose={(ringId) => chooseDevices({ ringId })}
            />
          </>
        ) : (
          <p className="text-sm text-muted">{w.page.outputFixed}</p>
        )}
        <Button icon={<Volume2 aria-hidden="true" size={16} />} onClick={() => void playTestTone(chosen.outputId)}>
          {w.page.testSpeaker}
        </Button>
        {areNamed ? null : <p className="text-xs text-muted">{w.page.namesHidden}</p>}
      </div>
    </section>
  );
}

type PickerProps = {
  label: string;
  devices: readonly MediaDeviceInfo[];
  value: string | undefined;
  onChoose: (id: string | undefined) => void;
};

function DevicePicker({ label, devices, value, onChoose }: PickerProps) {
  const isThere = devices.some((device) => device.deviceId === value);
  return (
    <Field label={label}>
      <Select
        label={label}
        value={value !== undefined && isThere ? value : STANDARD}
        onValueChange={(next) => onChoose(next === STANDARD ? undefined : next)}
        options={[
          { value: STANDARD, label: w.page.standard },
          ...devices.map((device, place) => ({
            value: device.deviceId,
            label: device.label || w.page.unnamed(place + 1),
          })),
        ]}
      />
    </Field>
  );
}

function MicrophoneTest({ test }: { test: Test }) {
  const obstacle = test.obstacle === undefined ? undefined : w.obstacle[test.obstacle];
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          aria-pressed={test.isOn}
          icon={test.isOn ? <MicOff aria-hidden="true" size={16} /> : <Mic aria-hidden="true" size={16} />}
          onClick={test.toggle}
        >
          {test.isOn ? w.page.stopTest : w.page.test}
        </Button>
        {test.isOn ? <LevelMeter label={w.page.level} level={test.level} /> : null}
      </div>
      <p role="status" className="text-sm text-muted">
        {test.isOn ? (test.wasHeard ? w.page.heardYou : w.page.speakNow) : null}
      </p>
      {obstacle ? (
        <Banner tone="bad" title={obstacle.title}>
          {obstacle.text}
        </Banner>
      ) : null}
    </div>
  );
}

type Test = {
  isOn: boolean;
  level: number;
  wasHeard: boolean;
  obstacle: Obstacle | undefined;
  toggle: () => void;
};

function useMicrophoneTest(deviceId: string | undefined): Test {
  const [isOn, setOn] = useState(false);
  const [level, setLevel] = useState(0);
  const [wasHeard, setHeard] = useState(false);
  const [obstacle, setObstacle] = useState<Obstacle>();
  const context = useRef<AudioContext>(undefined);
  useEffect(() => {
    if (!isOn) {
      return;
    }
    let isOver = false;
    let stop = (): void => {};
    openMicrophone(deviceId).then(
      (track) => {
        if (isOver) {
          track.stop();
          return;
        }
        const end = listenTo(track, context.current ?? new AudioContext(), (loudness) => {
          setLevel(loudness);
          if (loudness > VOICE) {
            setHeard(true);
          }
        });
        stop = () => {
          end();
          track.stop();
        };
      },
      (thrown: unknown) => {
        setObstacle(thrown instanceof MicrophoneRefused ? thrown.obstacle : "microphone_busy");
        setOn(false);
      },
    );
    return () => {
      isOver = true;
      stop();
      setLevel(0);
    };
  }, [isOn, deviceId]);
  const toggle = () => {
    // Made in the click, or the browser keeps it silent.
    context.current ??= new AudioContext();
    void context.current.resume();
    setObstacle(undefined);
    setHeard(false);
    setOn(!isOn);
  };
  return { isOn, level, wasHeard, obstacle, toggle };
}

/** Says how loud a track is until it is ended. */
function listenTo(track: MediaStreamTrack, context: AudioContext, hear: (level: number) => void): () => void {
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1_024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    hear(samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0));
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}
