// The page of the test of Twilio's SDK: the client's own line over it, and the plain device where a test needs what the client
// does not use. Everything hangs on `window`, for the test to call.
import { type Call, Device } from "@twilio/voice-sdk";
import type { AudioLeg, MicrophoneState } from "../../src/features/phone/audio";
import { TwilioAudio } from "../../src/features/phone/twilio-audio";

class Quiet {
  readonly isPlaying = false;
  async play(): Promise<void> {}
  async setSinkIds(): Promise<void> {}
  stop(): void {}
}

const notes: string[] = [];
let line: TwilioAudio | undefined;
let leg: AudioLeg | undefined;
let device: Device | undefined;
let rung: Call | undefined;
const soon = (): string => new Date(Date.now() + 600_000).toISOString();

const harness = {
  notes,
  async open(token: string | null, gateway: string) {
    line ??= new TwilioAudio(async (call) => notes.push(`announced ${call}`), gateway);
    await line.prepare({ token, expiresAt: soon() });
  },
  enter(callId: string, microphone: MicrophoneState) {
    const part = { callId, party: "agent", softphoneId: "tab_1", microphone, mustSpeak: false } as const;
    leg = line?.join(part);
    const note = () => notes.push(`${leg?.view.state} ${leg?.view.obstacle ?? ""}`.trim());
    leg?.watch(note);
  },
  microphone: (state: MicrophoneState) => leg?.setMicrophone(state),
  levels: async () => await leg?.levels(),
  leave: () => leg?.leave(),
  register(token: string, gateway: string) {
    const more = { chunderw: gateway, Sound: Quiet, publishEvents: false };
    device = new Device(token, { logLevel: "silent", ...more });
    device.on("error", (error: { code: number }) => notes.push(`error ${error.code}`));
    device.on("incoming", (call: Call) => {
      rung = call;
      notes.push(`rung ${call.customParameters.get("call")}`);
      call.on("accept", () => notes.push("accepted"));
      call.on("disconnect", () => notes.push("disconnected"));
    });
    device.register().then(
      () => notes.push(`registered ${device?.identity}`),
      () => notes.push("not registered"),
    );
  },
  accept: () => rung?.accept(),
  press: (digits: string) => rung?.sendDigits(digits),
};

export type Harness = typeof harness;
Object.assign(window, { harness });
