/** Help: the manual, the reference of processors, services and mistakes, and of the interface. */
import { useDeferredValue, useMemo, useState } from "react";
import { Search } from "lucide-react";
import { anchorOf, searchPages } from "./manual";
import { helpHash } from "../state/route";
import { t, type MessageKey } from "../messages";
import { PlainPage } from "../components/PlainPage";
import "../styles/help.css";
import { ApiReference } from "./ApiReference";
import { Document } from "./Document";
import { pages, type Chapter, type HelpPage as Page } from "./pages";

const API = "api";
const HITS_MAX = 50;
const CHAPTERS: [Chapter, MessageKey][] = [
  ["manual", "helpManual"],
  ["processors", "helpProcessors"],
  ["services", "helpServices"],
  ["mistakes", "helpMistakes"],
];

export default function HelpPage({ path, anchor }: { path: string; anchor: string | undefined }) {
  const [typed, setTyped] = useState("");
  const wanted = useDeferredValue(typed.trim());
  const hits = useMemo(() => searchPages(pages, wanted, HITS_MAX), [wanted]);
  const page = pages.find((each) => each.path === path);
  return (
    <PlainPage className="help">
      <nav className="help-side" aria-label={t("helpContents")}>
        <label className="help-search">
          <Search size={14} aria-hidden />
          <input
            type="search"
            value={typed}
            placeholder={t("helpSearch")}
            aria-label={t("helpSearch")}
            onChange={(event) => {
              setTyped(event.target.value);
            }}
          />
        </label>
        {wanted === "" ? <Contents path={path} /> : <Hits hits={hits} path={path} />}
      </nav>
      <article className="help-article" key={path}>
        {path === API ? <ApiReference /> : <Body page={page} path={path} anchor={anchor} />}
      </article>
    </PlainPage>
  );
}

function Body({
  page,
  path,
  anchor,
}: {
  page: Page | undefined;
  path: string;
  anchor: string | undefined;
}) {
  if (page) return <Document page={page} anchor={anchor && anchorOf(anchor)} />;
  if (path !== "") return <p className="empty">{t("helpNoPage", { path })}</p>;
  return (
    <div className="help-start">
      <h1>{t("help")}</h1>
      <p>{t("helpStart")}</p>
      <ul className="help-cards">
        {pages
          .filter((each) => each.chapter === "manual")
          .map((each) => (
            <li key={each.path}>
              <a className="flow-card" href={helpHash(each.path)}>
                <strong>{each.title}</strong>
                {each.about === undefined ? null : <p>{t(each.about)}</p>}
              </a>
            </li>
          ))}
        <li>
          <a className="flow-card" href={helpHash(API)}>
            <strong>{t("helpApi")}</strong>
            <p>{t("helpApiSummary")}</p>
          </a>
        </li>
      </ul>
    </div>
  );
}

/** Where the contents stand above a page, not beside it: see help.css. */
const NARROW = "(max-width: 860px)";

function Contents({ path }: { path: string }) {
  // There they would keep a page from being seen at all.
  const isNarrow = window.matchMedia(NARROW).matches;
  return CHAPTERS.map(([chapter, name]) => {
    const own = pages.filter((each) => each.chapter === chapter);
    const isOpen = !isNarrow && (chapter === "manual" || own.some((each) => each.path === path));
    return (
      <details key={chapter} open={isOpen}>
        <summary>{t(name)}</summary>
        <ul>
          {own.map((each) => (
            <Entry key={each.path} page={each} isHere={each.path === path} />
          ))}
          {chapter === "manual" ? (
            <Entry page={{ path: API, title: t("helpApi") }} isHere={path === API} />
          ) : null}
        </ul>
      </details>
    );
  });
}

function Entry({ page, isHere }: { page: { path: string; title: string }; isHere: boolean }) {
  return (
    <li>
      <a href={helpHash(page.path)} aria-current={isHere ? "page" : undefined}>
        {page.title}
      </a>
    </li>
  );
}

function Hits({ hits, path }: { hits: ReturnType<typeof searchPages<Page>>; path: string }) {
  if (hits.length === 0) return <p className="help-none">{t("helpNothing")}</p>;
  return (
    <ul className="help-hits">
      {hits.map(({ page, heading, anchor, excerpt }) => (
        <li key={page.path}>
          <a
            href={helpHash(page.path, anchor)}
            aria-current={page.path === path ? "page" : undefined}
          >
            <strong>
              {page.title}
              {heading === undefined ? null : <small> › {heading}</small>}
            </strong>
            <span>
              {excerpt.map(({ text, isHit }, index) =>
                isHit ? <mark key={index}>{text}</mark> : text,
              )}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
