// A short tone on the speaker that was chosen, to hear whether it is the right one.

const SECONDS = 0.7;

export async function playTestTone(outputId: string | undefined): Promise<void> {
  const context = new AudioContext();
  // Newer than the types of this language; without it the system's own device plays.
  const setSinkId: unknown = Reflect.get(context, "setSinkId");
  if (outputId !== undefined && typeof setSinkId === "function") {
    await Promise.resolve(setSinkId.call(context, outputId)).catch(() => {});
  }
  const tone = context.createOscillator();
  const loudness = context.createGain();
  const from = context.currentTime;
  tone.frequency.setValueAtTime(523.25, from);
  tone.frequency.setValueAtTime(659.25, from + SECONDS / 2);
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(0.15, from + 0.03);
  loudness.gain.setValueAtTime(0.15, from + SECONDS - 0.1);
  loudness.gain.linearRampToValueAtTime(0, from + SECONDS);
  tone.connect(loudness).connect(context.destination);
  tone.addEventListener("ended", () => void context.close());
  tone.start(from);
  tone.stop(from + SECONDS);
}
