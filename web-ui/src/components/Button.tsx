/** Buttons, with a tooltip where they show only an icon. */
import type { ButtonHTMLAttributes } from "react";
import { Hint } from "./Hint";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: "primary" | "quiet" | "danger" | undefined;
  isSmall?: boolean;
}

export function Button({ tone, isSmall = false, className, ...rest }: ButtonProps) {
  const classes = ["button", tone, isSmall ? "small" : undefined, className];
  return <button type="button" className={classes.filter(Boolean).join(" ")} {...rest} />;
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  shortcut?: string | undefined;
  isQuiet?: boolean;
  isSmall?: boolean;
  tone?: "primary" | "danger" | undefined;
  isPressed?: boolean;
}

export function IconButton(props: IconButtonProps) {
  const { label, shortcut, isQuiet, isSmall, tone, isPressed, className, ...rest } = props;
  const classes = ["button icon", isQuiet && "quiet", isSmall && "small", tone, className];
  return (
    <Hint text={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={isPressed}
        className={classes.filter(Boolean).join(" ")}
        {...rest}
      />
    </Hint>
  );
}
