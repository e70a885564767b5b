/** Two buttons for the page before and the page after. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { IconButton } from "./Button";

interface Props {
  labels: { back: string; on: string };
  /** Where the pages begin up to the one that is shown. */
  starts: readonly number[];
  /** Where the page after that begins; nothing when it is the last. */
  next: number | null;
  onStarts: (starts: number[]) => void;
}

export function Pager({ labels, starts, next, onStarts }: Props) {
  return (
    <>
      <IconButton
        label={labels.back}
        isQuiet
        isSmall
        disabled={starts.length === 1}
        onClick={() => {
          onStarts(starts.slice(0, -1));
        }}
      >
        <ChevronLeft size={14} />
      </IconButton>
      <IconButton
        label={labels.on}
        isQuiet
        isSmall
        disabled={next === null}
        onClick={() => {
          if (next !== null) onStarts([...starts, next]);
        }}
      >
        <ChevronRight size={14} />
      </IconButton>
    </>
  );
}
