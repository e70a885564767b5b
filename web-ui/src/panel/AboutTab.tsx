/** What a type says of itself. */
import type { ProcessorType } from "../api/types";
import { Markdown } from "../components/Markdown";
import { t } from "../messages";

export function AboutTab({ type }: { type: ProcessorType }) {
  return (
    <div className="form about">
      <p className="about-summary">{type.summary}</p>
      <Markdown text={type.description} />
      <ul className="about-tags" aria-label={t("tags")}>
        {type.tags.map((tag) => (
          <li key={tag} className="badge">
            {tag}
          </li>
        ))}
      </ul>
      <Described title={t("aboutReads")} items={type.reads} />
      <Described title={t("aboutWrites")} items={type.writes} />
    </div>
  );
}

function Described({
  title,
  items,
}: {
  title: string;
  items: { name: string; description: string }[];
}) {
  if (items.length === 0) return null;
  return (
    <section className="form-part">
      <h3>{title}</h3>
      <dl className="described">
        {items.map((item) => (
          <div key={item.name}>
            <dt>
              <code>{item.name}</code>
            </dt>
            <dd>
              <Markdown text={item.description} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
