/** The flow in a few figures. */
import { bytes, count } from "../messages/format";
import { t } from "../messages";
import { useLive } from "../state/live";

export function FlowFigures() {
  const state = useLive((live) => live.state);
  const queued = useLive((live) => live.queued);
  const queuedBytes = useLive((live) => live.queuedBytes);
  const running = useLive((live) => live.running);
  const stopped = useLive((live) => live.stopped);
  const faulty = useLive((live) => live.faulty);
  const health = useLive((live) => live.health);
  if (state === undefined) return null;
  return (
    <dl className="figures">
      {health === null ? null : (
        <div className="figure bad" title={health}>
          <dt>{t("health")}</dt>
          <dd>{t("waits")}</dd>
        </div>
      )}
      <div className="figure">
        <dt>{t("queued")}</dt>
        <dd>
          {count(queued)}
          <span className="figure-more"> · {bytes(queuedBytes)}</span>
        </dd>
      </div>
      <div className="figure good">
        <dt>{t("running")}</dt>
        <dd>{running}</dd>
      </div>
      <div className="figure">
        <dt>{t("stopped")}</dt>
        <dd>{stopped}</dd>
      </div>
      {faulty > 0 ? (
        <div className="figure bad">
          <dt>{t("faulty")}</dt>
          <dd>{faulty}</dd>
        </div>
      ) : null}
    </dl>
  );
}
