/** What is said before something is done that is not taken back, and the two ways on. */
import { t } from "../messages";
import { Button } from "./Button";

interface Props {
  text: string;
  act: string;
  onAct: () => void;
  onCancel: () => void;
}

export function Asked({ text, act, onAct, onCancel }: Props) {
  return (
    <>
      <span>{text}</span>
      <Button isSmall tone="danger" onClick={onAct}>
        {act}
      </Button>
      <Button isSmall onClick={onCancel}>
        {t("cancel")}
      </Button>
    </>
  );
}
