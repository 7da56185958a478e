// The page of a case in the app. Everything on it: case-view.tsx.
import { useParams } from "wouter";
import { CaseView } from "./case-view";

export function CasePage() {
  const { number = "" } = useParams<{ number: string }>();
  return <CaseView key={number} number={number} />;
}
