/** Adds what a person names, if the name is free. */
import { useState } from "react";
import { Plus } from "lucide-react";
import { Button } from "../components/Button";
import { t } from "../messages";

interface Props {
  label: string;
  taken: readonly string[];
  onAdd: (name: string) => void;
}

export function AddNamed({ label, taken, onAdd }: Props) {
  const [name, setName] = useState("");
  const isFree = name.trim() !== "" && !taken.includes(name.trim());
  return (
    <form
      className="add-row"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isFree) return;
        onAdd(name.trim());
        setName("");
      }}
    >
      <input
        className="input"
        aria-label={label}
        placeholder={label}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
        }}
      />
      <Button type="submit" disabled={!isFree}>
        <Plus size={14} aria-hidden /> {t("add")}
      </Button>
    </form>
  );
}
