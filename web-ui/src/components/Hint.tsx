/** What tells of a button or a mark when the mouse rests on it, or the keyboard gets to it. */
import {
  cloneElement,
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
  type FocusEvent,
  type HTMLAttributes,
  type PointerEvent,
  type ReactElement,
} from "react";
import { Boundary } from "./Boundary";

// It, and all that places it, is a tenth of the page: it comes while the mouse rests.
const load = () => import("./Tip");
const Tip = lazy(load);

const DELAY_MS = 500;
/** Who has just read one reads the next at once. */
const SKIP_DELAY_MS = 200;
/** The way from the button to what tells of it. */
const LEAVE_MS = 120;

/** The one that is shown: there is never more than one. */
let shown: { close: () => void } | undefined;
let closedAtMs = -Infinity;

interface HintProps {
  text: string;
  shortcut?: string | undefined;
  children: ReactElement<HTMLAttributes<HTMLElement>>;
}

export function Hint({ text, shortcut, children }: HintProps) {
  const { anchor, open, close, wait } = useTip();
  const id = useId();
  const { props } = children;
  const leave = () => {
    wait(close, LEAVE_MS);
  };
  return (
    <>
      {cloneElement(children, {
        "aria-describedby": anchor ? id : props["aria-describedby"],
        onPointerEnter: (event: PointerEvent<HTMLElement>) => {
          props.onPointerEnter?.(event);
          if (event.pointerType === "touch") return;
          // What fails here fails when it is to be shown, too.
          void load().catch(() => undefined);
          const target = event.currentTarget;
          const isNext = shown !== undefined || performance.now() - closedAtMs < SKIP_DELAY_MS;
          wait(
            () => {
              open(target);
            },
            isNext ? 0 : DELAY_MS,
          );
        },
        onPointerLeave: (event: PointerEvent<HTMLElement>) => {
          props.onPointerLeave?.(event);
          leave();
        },
        onPointerDown: (event: PointerEvent<HTMLElement>) => {
          props.onPointerDown?.(event);
          close();
        },
        onFocus: (event: FocusEvent<HTMLElement>) => {
          props.onFocus?.(event);
          if (event.currentTarget.matches(":focus-visible")) open(event.currentTarget);
        },
        onBlur: (event: FocusEvent<HTMLElement>) => {
          props.onBlur?.(event);
          close();
        },
      })}
      {anchor ? (
        // Without it the button works, and has its name: nothing is told.
        <Boundary onFail={close}>
          <Suspense>
            <Tip
              id={id}
              anchor={anchor}
              text={text}
              shortcut={shortcut}
              onEnter={() => {
                wait(undefined, 0);
              }}
              onLeave={leave}
              onClose={close}
            />
          </Suspense>
        </Boundary>
      ) : null}
    </>
  );
}

function useTip() {
  const [anchor, setAnchor] = useState<HTMLElement>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const own = useRef<{ close: () => void }>(undefined);
  const wait = useCallback((then: (() => void) | undefined, ms: number) => {
    clearTimeout(timer.current);
    timer.current = then && setTimeout(then, ms);
  }, []);
  const close = useCallback(() => {
    clearTimeout(timer.current);
    if (own.current && shown === own.current) {
      shown = undefined;
      closedAtMs = performance.now();
    }
    setAnchor(undefined);
  }, []);
  const open = useCallback(
    (target: HTMLElement) => {
      clearTimeout(timer.current);
      if (shown !== own.current) shown?.close();
      own.current = { close };
      shown = own.current;
      setAnchor(target);
    },
    [close],
  );
  useEffect(() => close, [close]);
  return { anchor, open, close, wait };
}
