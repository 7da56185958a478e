// The microphone, opened when it is needed and given back when it is not, from the device that was chosen. What the browser
// refuses becomes an obstacle in our words. Refuses to ask on its own: the softphone does, when there is somebody to speak to.
import type { Obstacle } from "./audio";

export class MicrophoneRefused extends Error {
  constructor(readonly obstacle: Obstacle) {
    super(obstacle);
  }
}

export function isCaptureThere(): boolean {
  return globalThis.isSecureContext && navigator.mediaDevices !== undefined;
}

/** Opens the microphone; throws {@link MicrophoneRefused}. A chosen device that is gone gives way to the system's own. */
export async function openMicrophone(deviceId: string | undefined): Promise<MediaStreamTrack> {
  if (!isCaptureThere()) {
    throw new MicrophoneRefused("insecure");
  }
  const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    return await firstTrack({ ...wanted, ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }) });
  } catch (thrown) {
    if (deviceId !== undefined && nameOf(thrown) === "OverconstrainedError") {
      return await openMicrophone(undefined);
    }
    throw new MicrophoneRefused(obstacleOf(nameOf(thrown)));
  }
}

async function firstTrack(audio: MediaTrackConstraints): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const [track] = stream.getAudioTracks();
  if (track === undefined) {
    throw new DOMException("no audio track", "NotFoundError");
  }
  return track;
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : "";
}

function obstacleOf(name: string): Obstacle {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "blocked";
    case "NotFoundError":
    case "OverconstrainedError":
      return "no_microphone";
    default:
      return "microphone_busy";
  }
}

/** Calls back when the person allowed the microphone after all; where the browser does not tell, never. */
export function onceAllowed(listener: () => void): () => void {
  let isOver = false;
  let status: PermissionStatus | undefined;
  const changed = (): void => {
    if (!isOver && status?.state === "granted") {
      listener();
    }
  };
  const query = navigator.permissions?.query({ name: "microphone" as PermissionName });
  query
    ?.then((found) => {
      status = found;
      found.addEventListener("change", changed);
    })
    .catch(() => {});
  return () => {
    isOver = true;
    status?.removeEventListener("change", changed);
  };
}
