/** One of the connections of the flow that runs. */
import { t } from "../messages";

interface Props {
  label: string;
  /** By their paths. */
  connections: readonly string[];
  /** Nothing as long as none was chosen. */
  value: string;
  onValue: (value: string) => void;
}

export function ConnectionSelect({ label, connections, value, onValue }: Props) {
  return (
    <select
      className="input"
      aria-label={label}
      value={value}
      onChange={(event) => {
        onValue(event.target.value);
      }}
    >
      <option value="">{t("trashChoose")}</option>
      {connections.map((path) => (
        <option key={path} value={path}>
          {path}
        </option>
      ))}
    </select>
  );
}
