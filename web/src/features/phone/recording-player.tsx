// A recording in the page: its shape (the agent above, the others below), play and pause, a position that keys move, and speed.
// The sound is fetched when it is first played. Inside another system's frame it is fetched with the token, for an audio element
// has none.
import { Pause, Play } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { currentToken } from "../../api/client";
import type { RecordingView } from "../../live/model";
import { text } from "../../text/en";
import { IconButton, Select } from "../../ui";
import { lengthOf } from "./call-words";
import { usePeaks } from "./recordings";
import { Waveform } from "./waveform";

const w = text.phone;
const SPEEDS = ["0.75", "1", "1.25", "1.5", "2"];
const STEP_S = 5;

type Props = { callId: string; recording: RecordingView };

export function RecordingPlayer({ callId, recording }: Props) {
  const audio = useRef<HTMLAudioElement>(null);
  const player = usePlaying(audio, callId, recording);
  const peaks = usePeaks(callId, recording.id);
  const length = (peaks.data?.duration_ms ?? recording.duration_ms) / 1_000;
  const label = recording.kind === "voicemail" ? w.voicemailPlayer : w.player;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of controls that is no form
    <div role="group" aria-label={label} className="flex w-full min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      {/* biome-ignore lint/a11y/useMediaCaption: a recording of a call has no captions */}
      <audio ref={audio} preload="none" src={player.source} />
      <IconButton
        variant="secondary"
        label={player.isPlaying ? w.pause : w.play}
        busy={player.isFetching}
        icon={
          player.isPlaying ? (
            <Pause aria-hidden="true" size={16} />
          ) : (
            <Play aria-hidden="true" size={16} className="translate-x-px" />
          )
        }
        onClick={player.toggle}
      />
      <div className="relative h-10 min-w-32 flex-1 rounded-sm outline-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2">
        <Waveform peaks={peaks.data?.peaks} share={length > 0 ? player.at / length : 0} />
        <input
          type="range"
          aria-label={w.position}
          aria-valuetext={w.positionOf(lengthOf(player.at), lengthOf(length))}
          min={0}
          max={Math.max(0.1, length)}
          step={0.1}
          value={Math.min(player.at, length)}
          onChange={(event) => player.seek(Number(event.target.value))}
          onKeyDown={(event) => {
            const steps: Readonly<Record<string, number>> = { ArrowLeft: -STEP_S, ArrowRight: STEP_S };
            const step = steps[event.key];
            if (step !== undefined) {
              event.preventDefault();
              player.seek(Math.max(0, Math.min(length, player.at + step)));
            } else if (event.key === " ") {
              event.preventDefault();
              player.toggle();
            }
          }}
          className="absolute inset-0 h-full w-full cursor-pointer appearance-none rounded-sm bg-transparent opacity-0"
        />
      </div>
      <span className="min-w-20 text-right text-xs whitespace-nowrap text-muted tabular-nums">
        {lengthOf(player.at)} / {lengthOf(length)}
      </span>
      <span className="w-20">
        <Select
          size="sm"
          label={w.speed}
          value={player.speed}
          onValueChange={player.setSpeed}
          options={SPEEDS.map((speed) => ({ value: speed, label: w.speedOf(speed) }))}
        />
      </span>
      {player.hasFailed ? (
        <p role="alert" className="w-full text-xs text-bad">
          {w.audioFailed}
        </p>
      ) : null}
    </div>
  );
}

type Playing = {
  source: string | undefined;
  at: number;
  isPlaying: boolean;
  isFetching: boolean;
  hasFailed: boolean;
  speed: string;
  toggle: () => void;
  seek: (seconds: number) => void;
  setSpeed: (speed: string) => void;
};

function usePlaying(audio: RefObject<HTMLAudioElement | null>, callId: string, recording: RecordingView): Playing {
  const path = `/api/calls/${encodeURIComponent(callId)}/recordings/${encodeURIComponent(recording.id)}/audio/`;
  const [source, setSource] = useState<string | undefined>(currentToken() === undefined ? path : undefined);
  const [at, setAt] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [isFetching, setFetching] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const [speed, setSpeed] = useState("1");
  useFollow(audio, { setAt, setPlaying, setFailed });
  useEffect(() => {
    if (audio.current) {
      audio.current.playbackRate = Number(speed);
    }
  }, [audio, speed]);
  useEffect(() => () => (source?.startsWith("blob:") ? URL.revokeObjectURL(source) : undefined), [source]);

  const play = async () => {
    const element = audio.current;
    if (element === null) {
      return;
    }
    setFailed(false);
    try {
      if (element.src === "") {
        setFetching(true);
        const fetched = await fetchSound(path);
        setSource(fetched);
        element.src = fetched;
      }
      element.playbackRate = Number(speed);
      await element.play();
    } catch {
      setFailed(true);
    } finally {
      setFetching(false);
    }
  };
  const seek = (seconds: number) => {
    setAt(seconds);
    if (audio.current) {
      audio.current.currentTime = seconds;
    }
  };
  const toggle = () => (isPlaying ? audio.current?.pause() : void play());
  return { source, at, isPlaying, isFetching, hasFailed, speed, toggle, seek, setSpeed };
}

type Follow = {
  setAt: (seconds: number) => void;
  setPlaying: (playing: boolean) => void;
  setFailed: (failed: boolean) => void;
};

/** Keeps what is shown with what the element does. */
function useFollow(audio: RefObject<HTMLAudioElement | null>, { setAt, setPlaying, setFailed }: Follow): void {
  useEffect(() => {
    const element = audio.current;
    if (element === null) {
      return;
    }
    const follow: Record<string, () => void> = {
      play: () => setPlaying(true),
      pause: () => setPlaying(false),
      ended: () => setPlaying(false),
      timeupdate: () => setAt(element.currentTime),
      error: () => setFailed(true),
    };
    for (const [name, run] of Object.entries(follow)) {
      element.addEventListener(name, run);
    }
    return () => {
      for (const [name, run] of Object.entries(follow)) {
        element.removeEventListener(name, run);
      }
    };
  }, [audio, setAt, setPlaying, setFailed]);
}

async function fetchSound(path: string): Promise<string> {
  const answer = await fetch(path, { headers: { authorization: `Bearer ${currentToken() ?? ""}` } });
  if (!answer.ok) {
    throw new Error("the recording was refused");
  }
  return URL.createObjectURL(await answer.blob());
}
