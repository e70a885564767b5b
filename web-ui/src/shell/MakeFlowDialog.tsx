/** A dialog whose end is another flow: what hinders it is told in it, and nothing is made twice. */
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { whyOf } from "../api/client";
import { Button } from "../components/Button";
import { Modal } from "../components/Modal";
import { t } from "../messages";

interface Props {
  title: string;
  /** What must be said first; nothing where all is said. */
  missing: string | undefined;
  /** `isWanted` tells whether nobody has closed the dialog meanwhile. */
  make: (isWanted: () => boolean) => Promise<void>;
  onClose: () => void;
  /** The fields; `problem` is why there is no flow, and `changed` takes it back. */
  children: (problem: string | undefined, changed: () => void) => ReactNode;
}

export function MakeFlowDialog({ title, missing, make, onClose, children }: Props) {
  const id = useId();
  const [problem, setProblem] = useState<string | undefined>();
  const [isMaking, setMaking] = useState(false);
  const isOpen = useRef(true);
  useEffect(
    () => () => {
      isOpen.current = false;
    },
    [],
  );
  const submit = async () => {
    if (missing !== undefined) {
      setProblem(missing);
      return;
    }
    setMaking(true);
    try {
      await make(() => isOpen.current);
      onClose();
    } catch (error) {
      setProblem(whyOf(error));
      setMaking(false);
    }
  };
  return (
    <Modal
      title={title}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button tone="primary" type="submit" form={id} disabled={isMaking}>
            {t("makeFlow")}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="form plain"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isMaking) void submit();
        }}
      >
        {children(problem, () => {
          setProblem(undefined);
        })}
      </form>
    </Modal>
  );
}
