/** What can be done with a whole queue: thrown away, or moved to another connection. */
import { useState } from "react";
import { ArrowRightLeft, Trash2 } from "lucide-react";
import { api, whyOf } from "../api/client";
import type { Emptied } from "../api/types";
import { Asked } from "../components/Asked";
import { Button } from "../components/Button";
import { ConnectionSelect } from "../components/ConnectionSelect";
import { plural, t } from "../messages";
import { useConnectionPaths } from "../state/live";
import { trashAction } from "../state/navigate";
import { toast } from "../state/ui";
import { useRefusal } from "../state/user";

interface Props {
  flow: string;
  connection: string;
  onDone: () => void;
}

export function QueueActs({ flow, connection, onDone }: Props) {
  const [asked, setAsked] = useState<"empty" | "move" | undefined>();
  const [to, setTo] = useState("");
  const [told, setTold] = useState<string | undefined>();
  const refusal = useRefusal("operator");
  const others = useConnectionPaths().filter((path) => path !== connection);
  const end = async (work: Promise<Emptied>, how: "thrown" | "moved") => {
    setAsked(undefined);
    setTold(undefined);
    try {
      const { flowfiles, left } = await work;
      const done =
        how === "thrown"
          ? plural(flowfiles, "queueThrownOne", "queueThrownMany")
          : plural(flowfiles, "queueMovedOne", "queueMovedMany");
      const said = left === 0 ? done : `${done} ${plural(left, "queueLeftOne", "queueLeftMany")}`;
      const isThrown = how === "thrown" && flowfiles > 0;
      toast({
        tone: "success",
        title: said,
        ...(isThrown ? { actions: [trashAction()], about: "trash" } : {}),
      });
    } catch (error) {
      setTold(whyOf(error));
    }
    onDone();
  };
  const cancel = () => {
    setAsked(undefined);
  };
  return (
    <div className="queue-acts">
      {asked === undefined ? (
        <>
          <Button
            isSmall
            disabled={refusal !== undefined}
            title={refusal}
            onClick={() => {
              setAsked("empty");
            }}
          >
            <Trash2 size={13} aria-hidden /> {t("queueThrow")}
          </Button>
          <Button
            isSmall
            disabled={refusal !== undefined}
            title={refusal}
            onClick={() => {
              setAsked("move");
            }}
          >
            <ArrowRightLeft size={13} aria-hidden /> {t("queueMove")}
          </Button>
        </>
      ) : null}
      {asked === "empty" ? (
        <Asked
          text={t("queueThrowAsk")}
          act={t("queueThrowNow")}
          onAct={() => void end(api.emptyQueue(flow, connection), "thrown")}
          onCancel={cancel}
        />
      ) : null}
      {asked === "move" ? (
        <>
          <ConnectionSelect
            label={t("queueMoveTo")}
            connections={others}
            value={to}
            onValue={setTo}
          />
          <Button
            isSmall
            disabled={to === ""}
            onClick={() => void end(api.moveQueue(flow, connection, to), "moved")}
          >
            {t("queueMoveNow")}
          </Button>
          <Button isSmall onClick={cancel}>
            {t("cancel")}
          </Button>
        </>
      ) : null}
      {told === undefined ? null : <p className="problem-text">{told}</p>}
    </div>
  );
}
