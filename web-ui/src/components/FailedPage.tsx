/** Instead of a page that cannot be shown: what happened, and the way to try it anew. */
import { Button } from "./Button";

interface Props {
  title: string;
  text: string | undefined;
  /** What the button says that loads the page anew. */
  label: string;
  /** Whether it comes in the place of something that was seen. */
  isAlert?: boolean;
}

export function FailedPage({ title, text, label, isAlert = false }: Props) {
  return (
    <main className="empty failed" role={isAlert ? "alert" : undefined}>
      <h1>{title}</h1>
      <p>{text}</p>
      <Button
        tone="primary"
        onClick={() => {
          location.reload();
        }}
      >
        {label}
      </Button>
    </main>
  );
}
