import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Refused, signIn } from "@/shared/api/client";

/** Asked for when the server knows nobody: a token opens a session. */
export function SignIn() {
  const { t } = useTranslation();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get("token");
    setBusy(true);
    try {
      await signIn(String(token).trim());
      location.reload(); // the stream, the lists and what waits to be sent begin anew
    } catch (error) {
      setBusy(false);
      setProblem(error instanceof Refused ? error.problem.detail : t("session.unreachable"));
    }
  }

  return (
    <section className="sign-in" aria-labelledby="sign-in">
      <h2 id="sign-in">{t("session.title")}</h2>
      <p className="quiet">{t("session.help")}</p>
      <form onSubmit={(event) => void submit(event)}>
        <label htmlFor="token">{t("session.token")}</label>
        <input id="token" name="token" type="password" autoComplete="current-password" required
               aria-invalid={problem !== ""} aria-describedby={problem ? "sign-in-problem" : undefined} />
        <button className="main" type="submit" disabled={busy}>{t("session.signIn")}</button>
      </form>
      {problem && <p id="sign-in-problem" className="problem" role="alert">{problem}</p>}
    </section>
  );
}
