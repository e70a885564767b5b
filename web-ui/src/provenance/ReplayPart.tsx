/** What a replay would let come, and letting it come: first a dry run, then the word of a person. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { RotateCcw } from "lucide-react";
import { api, problemIn, whyOf } from "../api/client";
import { saidOf } from "../api/problems";
import { Button } from "../components/Button";
import { bytes } from "../messages/format";
import { shortUuid } from "./events";
import { plural, t } from "../messages";
import { toast } from "../state/ui";

interface Props {
  events: readonly number[];
  onEnd: () => void;
}

export function ReplayPart({ events, onEnd }: Props) {
  const [isReplaying, setReplaying] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["replay", events],
    queryFn: () => api.replay([...events], true),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const replay = async () => {
    setReplaying(true);
    try {
      const { replayed } = await api.replay([...events], false);
      toast({ tone: "success", title: plural(replayed.length, "replayDoneOne", "replayDoneMany") });
    } catch (refusal) {
      const problem = problemIn(refusal);
      toast({ tone: "error", title: problem.title, detail: saidOf(problem) });
    }
    onEnd();
  };
  const errors = error ? (problemIn(error).errors ?? [whyOf(error)]) : [];
  return (
    <div className="replay">
      <h3>{t("replayTitle")}</h3>
      {errors.length > 0 ? (
        <>
          <p className="problem-text">{t("replayNot")}</p>
          <ul className="replay-errors">
            {errors.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </>
      ) : null}
      <ul>
        {data?.replayed.map((each) => (
          <li key={each.event} className="replay-row">
            <strong>{each.filename ?? shortUuid(each.parent)}</strong>
            <span className="muted">{bytes(each.bytes)}</span>
            <p>{t("replayInto", { queue: each.queue })}</p>
          </li>
        ))}
      </ul>
      <div className="provenance-foot">
        <Button onClick={onEnd}>{t("cancel")}</Button>
        <Button tone="primary" disabled={!data || isReplaying} onClick={() => void replay()}>
          <RotateCcw size={14} aria-hidden /> {t("replayNow")}
        </Button>
      </div>
    </div>
  );
}
