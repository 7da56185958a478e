// What this browser says, as one stream that never changes: the microphone is plugged into it and pulled out of it, so that who
// takes the stream need not know whether there is one. Silence while there is none. Asks nobody for a microphone.

export class VoiceOutlet {
  readonly #context = new AudioContext();
  readonly #out = this.#context.createMediaStreamDestination();
  #source: MediaStreamAudioSourceNode | undefined;
  #track: MediaStreamTrack | undefined;

  /** A stream of one's own: whoever ends it ends no other. */
  stream(): MediaStream {
    void this.#context.resume().catch(() => {});
    return this.#out.stream.clone();
  }

  /** Whether the browser lets it sound at all before a click. */
  get isSuspended(): boolean {
    return this.#context.state === "suspended";
  }

  /** Plugs a microphone in, or pulls it out; what was plugged in before is given back. */
  plug(track: MediaStreamTrack | undefined): void {
    this.#source?.disconnect();
    this.#track?.stop();
    this.#track = track;
    this.#source = undefined;
    if (track !== undefined) {
      this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
      this.#source.connect(this.#out);
    }
  }

  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  close(): void {
    this.plug(undefined);
    void this.#context.close().catch(() => {});
  }
}
