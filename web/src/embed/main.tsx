// The entry of embed.html: the case view for a frame in another system's page. Storage comes first, for browsers refuse it to many frames;
// the rest is loaded after it.
import { ensureStorage } from "./own-storage";
import "../style.css";

ensureStorage();
void import("./start").then(({ start }) => start());
