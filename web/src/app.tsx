// The app: who is signed in, and which screen an address shows.
import { text } from "./text/en";

export function App() {
  return <h1>{text.session.product}</h1>;
}
