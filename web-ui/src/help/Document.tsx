/** A document of the manual. Nothing in it is run, and nothing is loaded from elsewhere. */
import { useEffect, useRef, type ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { useScrollable } from "../components/useScrollable";
import { anchorOf, helpLink } from "./manual";
import { pages, type HelpPage } from "./pages";

const has = (path: string) => pages.some((each) => each.path === path);

export function Document({ page, anchor }: { page: HelpPage; anchor: string | undefined }) {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = anchor === undefined ? null : document.getElementById(anchor);
    if (place) place.scrollIntoView({ block: "start" });
    else top.current?.closest(".home")?.scrollTo({ top: 0 });
  }, [page, anchor]);
  const heading = (Tag: "h1" | "h2" | "h3" | "h4") =>
    function Heading({ children }: { children?: ReactNode }) {
      return <Tag id={anchorOf(plain(children))}>{children}</Tag>;
    };
  const components: Components = {
    h1: heading("h1"),
    h2: heading("h2"),
    h3: heading("h3"),
    h4: heading("h4"),
    a: ({ href, children }) => {
      const link = helpLink(page.path, href ?? "", has);
      if (link === undefined) return <span>{children}</span>;
      if ("inside" in link) return <a href={link.inside}>{children}</a>;
      return (
        <a href={link.outside} target="_blank" rel="noreferrer">
          {children}
        </a>
      );
    },
    // Tables are wider than some windows: they scroll by themselves, also by keyboard.
    table: ({ children }) => (
      <div className="help-table" tabIndex={0} role="region" aria-label={page.title}>
        <table>{children}</table>
      </div>
    ),
    pre: ({ children }) => <Lines title={page.title}>{children}</Lines>,
    img: ({ alt }) => <em>{alt}</em>,
  };
  return (
    <div className="help-document" ref={top}>
      <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[rowHeads]} components={components}>
        {page.text}
      </Markdown>
    </div>
  );
}

/** What one types, line by line: where a line is wider than the window it scrolls, as tables do. */
function Lines({ title, children }: { title: string; children?: ReactNode }) {
  const box = useRef<HTMLPreElement>(null);
  const scrolled = useScrollable(box) ? { tabIndex: 0, role: "region", "aria-label": title } : {};
  return (
    <pre ref={box} {...scrolled}>
      {children}
    </pre>
  );
}

/** What a document is made of before it is shown. */
interface Node {
  type: string;
  tagName?: string;
  properties?: object;
  children?: Node[];
}

const within = ({ children = [] }: Node) => children.filter(({ type }) => type === "element");

/** Where a column has no name, the first cell of a row says what the row is about. */
function rowHeads() {
  return function look(node: Node): void {
    within(node).forEach(look);
    if (node.tagName !== "table") return;
    const [head, ...rows] = within(node).flatMap(within);
    if (!head || within(head).every(({ children = [] }) => children.length > 0)) return;
    for (const [first] of rows.map(within)) {
      if (first) Object.assign(first, { tagName: "th", properties: { scope: "row" } });
    }
  };
}

function plain(children: ReactNode): string {
  if (typeof children === "string" || typeof children === "number") return String(children);
  if (Array.isArray(children)) return children.map(plain).join("");
  if (children !== null && typeof children === "object" && "props" in children) {
    return plain((children.props as { children?: ReactNode }).children);
  }
  return "";
}
