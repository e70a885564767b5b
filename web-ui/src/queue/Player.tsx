/** Plays what waits: its waveform and its spectrogram with a head that moves. The server computes
 * both; the browser never decodes a recording to draw it. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Pause, Play } from "lucide-react";
import { contents, contentUrl, type Waiting } from "../api/client";
import { IconButton } from "../components/Button";
import { playTime } from "../messages/format";
import { plural, t } from "../messages";
import { useTheme } from "../state/theme";
import { PitchScale, TimeScale } from "./Scales";
import { useSpace } from "./useSpace";
import { drawWaveform } from "./waveform";

const COLUMNS = 800;
const PICTURE = { width: 800, height: 128 };
const STEP_SECONDS = 5;
const NO_PEAKS: number[][] = [];

/** What sounds now: two recordings at once are none. */
let sounding: HTMLAudioElement | undefined;

function soundAlone(element: HTMLAudioElement): void {
  if (sounding !== element) sounding?.pause();
  sounding = element;
}

interface Props {
  waiting: Waiting;
  name: string;
  isSmall?: boolean;
}

function channels(count: number): string {
  if (count === 2) return t("channelsTwo");
  return plural(count, "channelsOne", "channelsMany");
}

export function Player({ waiting, name, isSmall = false }: Props) {
  const [sound, setSound] = useState<"content" | "preview" | "none">("content");
  const [isPlaying, setPlaying] = useState(false);
  const [time, setTime] = useState({ at: 0, all: 0 });
  const root = useRef<HTMLDivElement>(null);
  const audio = useRef<HTMLAudioElement>(null);
  const { data: wave, error } = useQuery({
    queryKey: ["waveform", waiting],
    queryFn: () => contents.waveform(waiting, COLUMNS),
    retry: false,
    gcTime: 0,
  });
  const told = wave?.durationSeconds ?? time.all;
  const all = Number.isFinite(told) ? told : 0;
  const toggle = useCallback(() => {
    const element = audio.current;
    if (!element) return;
    if (element.paused) void element.play().catch(() => undefined);
    else element.pause();
  }, []);
  useSpace(root, toggle);
  const seek = (seconds: number) => {
    const element = audio.current;
    if (!element) return;
    element.currentTime = Math.max(0, Math.min(all, seconds));
    setTime({ at: element.currentTime, all });
  };
  useEffect(() => {
    if (!isPlaying) return undefined;
    let frame = requestAnimationFrame(function follow() {
      const element = audio.current;
      if (element) setTime({ at: element.currentTime, all: element.duration });
      frame = requestAnimationFrame(follow);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [isPlaying]);
  const part = all > 0 ? Math.min(1, time.at / all) : 0;
  return (
    <div className={`player ${isSmall ? "small" : ""}`} ref={root}>
      <audio
        ref={audio}
        preload="metadata"
        src={contentUrl(waiting, sound === "content" ? undefined : "preview")}
        aria-label={name}
        controls={error !== null && sound !== "none"}
        onPlay={(event) => {
          soundAlone(event.currentTarget);
          setPlaying(true);
        }}
        onPause={() => {
          setPlaying(false);
        }}
        onLoadedMetadata={(event) => {
          setTime({ at: 0, all: event.currentTarget.duration });
        }}
        onError={() => {
          // What the browser cannot play the server may have as WAV.
          setSound(sound === "content" ? "preview" : "none");
        }}
      />
      {sound === "none" ? <p className="problem-text">{t("notPlayable")}</p> : null}
      {error === null ? (
        <>
          <Track
            name={name}
            at={time.at}
            all={all}
            part={part}
            peaks={wave?.peaks ?? NO_PEAKS}
            sampleRate={wave?.sampleRate}
            onSeek={seek}
            // Of all of it, however long that is: it does not wait for who knows.
            picture={
              isSmall
                ? undefined
                : contentUrl(waiting, "spectrogram", { ...PICTURE, colors: "magma" })
            }
          />
          {isSmall ? null : <TimeScale seconds={all} />}
          <div className="player-bar">
            <IconButton
              label={isPlaying ? t("pause") : t("play")}
              shortcut={t("keySpace")}
              tone="primary"
              isSmall={isSmall}
              disabled={sound === "none"}
              onClick={toggle}
            >
              {isPlaying ? (
                <Pause size={15} fill="currentColor" />
              ) : (
                <Play size={15} fill="currentColor" />
              )}
            </IconButton>
            <span className="player-time">
              {playTime(time.at)} / {playTime(all)}
            </span>
            <span className="grow" />
            <span className="muted">
              {wave
                ? t("recordingIs", {
                    codec: wave.codec,
                    rate: wave.sampleRate,
                    channels: channels(wave.channels),
                  })
                : t("loading")}
            </span>
          </div>
        </>
      ) : null}
    </div>
  );
}

interface TrackProps {
  name: string;
  at: number;
  all: number;
  part: number;
  peaks: number[][];
  sampleRate: number | undefined;
  picture: string | undefined;
  onSeek: (seconds: number) => void;
}

function Track({ name, at, all, part, peaks, sampleRate, picture, onSeek }: TrackProps) {
  const [hasPicture, setHasPicture] = useState(true);
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: at - STEP_SECONDS,
      ArrowRight: at + STEP_SECONDS,
      Home: 0,
      End: all,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(to);
  };
  const seekTo = (event: { clientX: number; currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    if (width > 0) onSeek(((event.clientX - left) / width) * all);
  };
  return (
    <div
      className="track"
      role="slider"
      tabIndex={0}
      aria-label={t("position")}
      aria-valuemin={0}
      aria-valuemax={Math.round(all)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={t("positionAt", { at: playTime(at), all: playTime(all) })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) seekTo(event);
      }}
    >
      <div className="track-wave">
        <Wave peaks={peaks} />
        <div className="track-played" style={{ clipPath: `inset(0 ${percent(1 - part)} 0 0)` }}>
          <Wave peaks={peaks} />
        </div>
      </div>
      {picture !== undefined && hasPicture ? (
        <div className="track-pitches">
          <img
            className="track-picture"
            src={picture}
            alt={t("spectrogramOf", { name })}
            draggable={false}
            onError={() => {
              setHasPicture(false);
            }}
          />
          {sampleRate === undefined ? null : <PitchScale seconds={all} sampleRate={sampleRate} />}
        </div>
      ) : null}
      <span className="track-head" style={{ left: percent(part) }} />
    </div>
  );
}

const percent = (part: number) => `${String(part * 100)}%`;

function Wave({ peaks }: { peaks: number[][] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme((state) => state.theme);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const draw = () => {
      const { width, height } = element.getBoundingClientRect();
      element.width = Math.round(width * devicePixelRatio);
      element.height = Math.round(height * devicePixelRatio);
      drawWaveform(element, peaks);
    };
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [peaks, theme]);
  return <canvas ref={canvas} className="wave" aria-hidden />;
}
