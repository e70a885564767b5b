/** Which flowfiles of a queue are listed: those that an expression is true of. */
import { Search } from "lucide-react";
import { Button } from "../components/Button";
import type { Filter } from "./filter";
import { count, whole } from "../messages/format";
import { t } from "../messages";

interface Props {
  text: string;
  onText: (text: string) => void;
  /** What is asked for. */
  wanted: Filter;
  /** What is wrong with it, as the server says. */
  problem: string | undefined;
}

export function QueueFilter({ text, onText, wanted, problem }: Props) {
  return (
    <div className="queue-filter">
      <div className="queue-filter-line">
        <Search size={14} aria-hidden />
        <input
          className="input mono"
          type="text"
          aria-label={t("queueFilter")}
          value={text}
          spellCheck={false}
          autoComplete="off"
          placeholder={t("queueFilterExample")}
          aria-invalid={problem !== undefined}
          aria-describedby="queue-filter-told"
          onChange={(event) => {
            onText(event.target.value);
          }}
        />
      </div>
      <p id="queue-filter-told" className={problem === undefined ? "muted" : "problem-text"}>
        {problem ?? t(wanted.isName ? "queueFilterName" : "queueFilterText")}
        {problem === undefined && wanted.isName ? <code> {wanted.expression}</code> : null}
      </p>
    </div>
  );
}

interface FoundProps {
  found: number;
  looked: number;
  all: number;
  /** Where to look on; nothing at the end of the queue. */
  next: number | null;
  onNext: (next: number) => void;
}

/** How far the look came. */
export function QueueFound({ found, looked, all, next, onNext }: FoundProps) {
  return (
    <div className="queue-found" role="status">
      <span>
        {t("queueFound", { found: whole(found), looked: count(looked), all: count(all) })}
      </span>
      {found === 0 && next !== null ? (
        <Button
          isSmall
          onClick={() => {
            onNext(next);
          }}
        >
          {t("queueLookOn")}
        </Button>
      ) : null}
    </div>
  );
}
