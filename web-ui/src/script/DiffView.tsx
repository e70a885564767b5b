/** Two texts, line by line: what was taken away, and what came. */
import { useState } from "react";
import { UnfoldVertical } from "lucide-react";
import { plural, t } from "../messages";
import { folded, type DiffLine } from "./diff";

const SIGNS = { same: "", added: "+", removed: "−" } as const;
const NAMES = { same: undefined, added: "diffAdded", removed: "diffRemoved" } as const;

export function DiffView({ label, lines }: { label: string; lines: readonly DiffLine[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? lines : folded(lines);
  return (
    <div className="diff" role="region" aria-label={label} tabIndex={0}>
      <div className="diff-lines">
        {shown.map((line, at) =>
          line.kind === "gap" ? (
            <button
              key={at}
              type="button"
              className="diff-gap"
              onClick={() => {
                setWhole(true);
              }}
            >
              <UnfoldVertical size={12} aria-hidden />
              {plural(line.count, "diffGapOne", "diffGapMany")}
            </button>
          ) : (
            <Line key={at} line={line} />
          ),
        )}
      </div>
    </div>
  );
}

function Line({ line }: { line: DiffLine }) {
  const name = NAMES[line.kind];
  return (
    <div className={`diff-line ${line.kind}`}>
      <span className="diff-number" aria-hidden>
        {line.before}
      </span>
      <span className="diff-number" aria-hidden>
        {line.after}
      </span>
      <span className="diff-sign">
        <span aria-hidden>{SIGNS[line.kind]}</span>
        {name === undefined ? null : <span className="unseen">{t(name)}: </span>}
      </span>
      <span className="diff-text">{line.text}</span>
    </div>
  );
}
