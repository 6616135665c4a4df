import { useTranslation } from "react-i18next";
import { steps, type Step, type StepState } from "@/shared/stages";

const marks: Record<StepState, string> = {
  todo: "", doing: "•", done: "✓", waiting: "‖", problem: "!", skipped: "–",
};

/** Where a batch stands; shape and words say it, colour only helps. */
export function Stepper({ states }: { states: Record<Step, StepState> }) {
  const { t } = useTranslation();
  return (
    <ol className="stepper" aria-label={t("step.list")}>
      {steps.map((step) => (
        <li key={step} data-step={step} data-state={states[step]}>
          <span className="mark" aria-hidden="true">{marks[states[step]]}</span>
          <span className="name">{t(`step.${step}`)}</span>
          <span className="visually-hidden"> {t(`step.state.${states[step]}`)}</span>
        </li>
      ))}
    </ol>
  );
}
