/** Shows Markdown of descriptions and labels, as elements that are made one by one. */
import { blocksOf, isSafe, type Inline } from "./blocks";

export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      {blocksOf(text).map((block, index) => {
        switch (block.type) {
          case "code":
            return <pre key={index}>{block.text}</pre>;
          case "heading":
            return (
              <h4 key={index}>
                <Inlines inlines={block.inlines} />
              </h4>
            );
          case "list":
            return (
              <ul key={index}>
                {block.items.map((item, number) => (
                  <li key={number}>
                    <Inlines inlines={item} />
                  </li>
                ))}
              </ul>
            );
          case "paragraph":
            return (
              <p key={index}>
                <Inlines inlines={block.inlines} />
              </p>
            );
        }
      })}
    </div>
  );
}

function Inlines({ inlines }: { inlines: readonly Inline[] }) {
  return inlines.map((inline, index) => {
    switch (inline.type) {
      case "code":
        return <code key={index}>{inline.text}</code>;
      case "strong":
        return <strong key={index}>{inline.text}</strong>;
      case "emphasis":
        return <em key={index}>{inline.text}</em>;
      case "link":
        return isSafe(inline.url) ? (
          <a key={index} href={inline.url} target="_blank" rel="noreferrer">
            {inline.text}
          </a>
        ) : (
          <span key={index}>{inline.text}</span>
        );
      case "text":
        return inline.text;
    }
  });
}
