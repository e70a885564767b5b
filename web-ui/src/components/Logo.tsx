/** The product's sign and name; leads to the flows. */
import { t } from "../messages";
import { FLOWS_PAGE } from "../state/route";

export function Logo() {
  return (
    <a className="logo" href={FLOWS_PAGE} aria-label={t("toFlows")}>
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden>
        <rect width="32" height="32" rx="8" className="logo-back" />
        <path d="M7 16h4l3-8 4 16 3-8h4" className="logo-line" />
      </svg>
      <span>{t("product")}</span>
    </a>
  );
}
