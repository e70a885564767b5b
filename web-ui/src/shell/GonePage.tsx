/** Instead of a flow that is not there, or not any more. */
import { FileQuestionMark, LayoutGrid, Trash2 } from "lucide-react";
import { PlainPage } from "../components/PlainPage";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { FLOWS_PAGE } from "../state/route";

export default function GonePage({ flow }: { flow: string }) {
  // Somebody has deleted what was open, or nobody knows what the address names.
  const isDeleted = useDraft((state) => state.problem === undefined);
  const Icon = isDeleted ? Trash2 : FileQuestionMark;
  return (
    <PlainPage>
      <div className="empty home-empty gone" role="alert">
        <Icon size={36} aria-hidden />
        <h1>{t(isDeleted ? "goneTitle" : "goneNever", { name: flow })}</h1>
        <p>{isDeleted ? t("goneText", { file: `${flow}.json.1` }) : t("goneNeverText")}</p>
        <a className="button primary" href={FLOWS_PAGE}>
          <LayoutGrid size={15} aria-hidden /> {t("goneToFlows")}
        </a>
      </div>
    </PlainPage>
  );
}
