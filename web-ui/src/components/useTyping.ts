/** A text that is being written, until it counts. Nothing that somebody else has set meanwhile is
 * overwritten unseen: with the change goes what was there when it was begun. */
import { useEffect, useRef, useState } from "react";
import { saidOf } from "../api/problems";
import type { Json } from "../api/types";
import { isSame, type Seen } from "../graph/changes";
import type { TellProblem } from "../state/sync";

export const textOf = (value: Json | undefined) =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

/** A text that is being written, or was and could not be taken. */
interface Typing {
  text: string;
  seen: Seen;
  /** What the server said of this very text. */
  refusal?: string;
}

interface Wanted {
  value: Json | undefined;
  /** `seen` is the value when the typing began; `told` puts a refusal under the field. */
  onCommit: (text: string, seen: Seen, told: TellProblem) => void;
  /** Why a text is not sent, if it is not. */
  wrong?: ((text: string) => string | undefined) | undefined;
}

export interface Typed {
  /** What is written, or else what is there. */
  text: string;
  isTyping: boolean;
  /** The same at this very moment, also where it is not drawn yet. */
  isHeld: () => boolean;
  /** Whether somebody else has set it meanwhile. */
  isChanged: boolean;
  refusal: string | undefined;
  type: (text: string) => void;
  /** It counts, if it can be taken. */
  end: () => void;
  /** Leaves the field by what is handed in, without that what is written counts. */
  takeBack: (leave: () => void) => void;
}

export function useTyping({ value, onCommit, wrong }: Wanted): Typed {
  const [typing, setShown] = useState<Typing | undefined>();
  /** The same at once, for events that come before it is drawn. */
  const held = useRef<Typing | undefined>(undefined);
  /** Whether what is written was to be taken already; before that nobody is told what is wrong. */
  const [isTried, setTried] = useState(false);
  /** Leaving the field keeps what was typed, but not when it is left to take that back. */
  const isTakenBack = useRef(false);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const setTyping = (next: Typing | undefined) => {
    held.current = next;
    setShown(next);
  };
  const text = typing?.text ?? textOf(value);
  const isChanged =
    typing !== undefined && !isSame(typing.seen.value, value) && text !== textOf(value);
  const refusal = typing && isTried ? (wrong?.(typing.text) ?? typing.refusal) : typing?.refusal;
  const stop = () => {
    setTyping(undefined);
    setTried(false);
  };
  const end = () => {
    const now = held.current;
    if (now === undefined || isTakenBack.current) return;
    // Who wrote nothing but what was there has nothing to say against what is there now.
    if (now.text === textOf(value) || now.text === textOf(now.seen.value)) stop();
    else if (wrong?.(now.text) !== undefined) setTried(true);
    else if (now.refusal === undefined) {
      stop();
      onCommit(now.text, now.seen, (problem) => {
        if (problem.code !== "notAFlow" || !isShown.current) return false;
        setTyping(held.current ?? { ...now, refusal: saidOf(problem) });
        return true;
      });
    }
  };
  return {
    ...{ text, isTyping: typing !== undefined, isChanged, refusal, end },
    isHeld: () => held.current !== undefined,
    type: (next) => {
      setTyping({ text: next, seen: held.current?.seen ?? { value } });
    },
    takeBack: (leave) => {
      stop();
      isTakenBack.current = true;
      leave();
      isTakenBack.current = false;
    },
  };
}
