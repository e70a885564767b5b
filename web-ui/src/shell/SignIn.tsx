/** Asks who one is: on a page of its own, or over what is kept when a session has ended. */
import { useState } from "react";
import { problemIn } from "../api/client";
import { Button } from "../components/Button";
import { Modal } from "../components/Modal";
import { t } from "../messages";
import { queries } from "../state/catalog";
import { signIn, useUser } from "../state/user";
import { PlainPage } from "../components/PlainPage";

export default function SignIn() {
  const isExpired = useUser((state) => state.isExpired);
  if (!isExpired) {
    return (
      <PlainPage className="sign-in">
        <h1>{t("signIn")}</h1>
        <p className="muted">{t("signInText")}</p>
        <SignInForm />
      </PlainPage>
    );
  }
  return (
    <Modal title={t("signInAgain")} onClose={() => undefined}>
      <p className="muted">{t("signInAgainText")}</p>
      <SignInForm />
    </Modal>
  );
}

function SignInForm() {
  const [name, setName] = useState(useUser.getState().user?.name ?? "");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | undefined>();
  const [isSending, setSending] = useState(false);
  const send = async () => {
    setSending(true);
    try {
      await signIn(name.trim(), password);
      await queries.invalidateQueries();
    } catch (error) {
      setProblem(problemIn(error).title);
      setPassword("");
      setSending(false);
    }
  };
  return (
    <form
      className="form plain"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSending) void send();
      }}
    >
      <div className="field">
        <label htmlFor="sign-in-name">{t("name")}</label>
        <input
          id="sign-in-name"
          className="input"
          autoComplete="username"
          autoFocus
          required
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </div>
      <div className="field">
        <label htmlFor="sign-in-password">{t("password")}</label>
        <input
          id="sign-in-password"
          className="input"
          type="password"
          autoComplete="current-password"
          required
          aria-invalid={problem !== undefined}
          aria-describedby="sign-in-problem"
          value={password}
          onChange={(event) => {
            setPassword(event.target.value);
          }}
        />
        <p id="sign-in-problem" className="problem-text" role="alert">
          {problem}
        </p>
      </div>
      <Button tone="primary" type="submit" disabled={isSending}>
        {t("signIn")}
      </Button>
    </form>
  );
}
