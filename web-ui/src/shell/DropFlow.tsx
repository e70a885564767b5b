/** Takes flows' files that are dropped on the page, wherever on it. */
import { useEffect, useRef, useState } from "react";
import { FileUp } from "lucide-react";
import { t } from "../messages";
import { isRefused } from "../state/user";

/** One after the other: each is opened when it is there. */
export function importFiles(files: readonly File[]): void {
  void import("./takeFlow").then(async ({ importFlow }) => {
    for (const file of files) await importFlow(file);
  });
}

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;

export function DropFlow() {
  const [isOver, setOver] = useState(false);
  // Each thing on the page is entered and left: what is entered more often is not left yet.
  const depth = useRef(0);
  useEffect(() => {
    const ends = new AbortController();
    const enter = (step: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth.current = Math.max(0, depth.current + step);
      setOver(depth.current > 0);
    };
    // Without it the browser would show the file instead of the page.
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      // What a dialog asks comes first.
      const isAsked = document.querySelector("dialog[open]") !== null;
      if (files.length > 0 && !isAsked && !isRefused("editor")) importFiles(files);
    };
    const { signal } = ends;
    document.addEventListener("dragenter", enter(1), { signal });
    document.addEventListener("dragleave", enter(-1), { signal });
    document.addEventListener("dragover", over, { signal });
    document.addEventListener("drop", drop, { signal });
    return () => {
      ends.abort();
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className="drop-flow">
      <FileUp size={28} aria-hidden />
      {t("importDrop")}
    </div>
  );
}
