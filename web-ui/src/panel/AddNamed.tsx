/** Adds what a person names; why a name is not taken stands under the field. */
import { useEffect, useId, useRef, useState } from "react";
import { Plus } from "lucide-react";
import { Button } from "../components/Button";
import { t } from "../messages";
import { useRefusal } from "../state/user";
import { Fault } from "../components/Fault";

interface Props {
  label: string;
  taken: readonly string[];
  /** Why nothing can be called so, if that is so; there is a name. */
  wrong?: (name: string) => string | undefined;
  onAdd: (name: string) => void;
}

export function AddNamed({ label, taken, wrong, onAdd }: Props) {
  const [typed, setTyped] = useState("");
  /** Whether it was to be added: before that nobody is told that a name is missing. */
  const [isTried, setTried] = useState(false);
  const noteId = useId();
  const refusal = useRefusal("editor");
  const name = typed.trim();
  const whyNot = () => {
    if (name === "") return t("nameMissing");
    return taken.includes(name) ? t("nameThere", { name }) : wrong?.(name);
  };
  const why = name === "" && !isTried ? undefined : whyNot();
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    note.current?.scrollIntoView({ block: "nearest" });
  }, [why]);
  return (
    <form
      className="add-named"
      onSubmit={(event) => {
        event.preventDefault();
        if (refusal !== undefined) return;
        const isRight = whyNot() === undefined;
        setTried(!isRight);
        if (!isRight) {
          event.currentTarget.querySelector("input")?.focus();
          return;
        }
        onAdd(name);
        setTyped("");
      }}
    >
      <div className="add-row">
        <input
          className="input"
          aria-label={label}
          aria-invalid={why !== undefined}
          aria-describedby={why === undefined ? undefined : noteId}
          placeholder={label}
          autoComplete="off"
          spellCheck={false}
          disabled={refusal !== undefined}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setTried(false);
          }}
        />
        <Button type="submit" disabled={refusal !== undefined} title={refusal}>
          <Plus size={14} aria-hidden /> {t("add")}
        </Button>
      </div>
      {why === undefined ? null : (
        <Fault id={noteId} ref={note}>
          {why}
        </Fault>
      )}
    </form>
  );
}
