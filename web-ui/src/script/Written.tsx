/** What is written, with what is told of it: it counts when the focus leaves both. */
import type { ReactNode } from "react";

interface Props {
  className: string;
  onEnd: () => void;
  children: ReactNode;
}

export function Written({ className, onEnd, children }: Props) {
  return (
    <div
      className={className}
      onBlur={({ currentTarget, relatedTarget }) => {
        const next = currentTarget.contains(relatedTarget) ? relatedTarget : null;
        if (!next?.closest(".script-editor, .script-meanwhile")) onEnd();
      }}
    >
      {children}
    </div>
  );
}
