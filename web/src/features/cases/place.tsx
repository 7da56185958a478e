// Where a screen stands: in the app, or inside another system's page. There links to other screens open the app in a tab of its own.
import { type AnchorHTMLAttributes, createContext, useContext } from "react";
import { Link } from "wouter";

export type Place = "app" | "embed";

const PlaceContext = createContext<Place>("app");
export const PlaceProvider = PlaceContext.Provider;

export function usePlace(): Place {
  return useContext(PlaceContext);
}

/** A link to another screen of the app. */
export function ScreenLink({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  return usePlace() === "app" ? (
    <Link {...rest} href={href} />
  ) : (
    <a {...rest} href={href} target="_blank" rel="noopener" />
  );
}

export const LINK = "rounded-sm text-accent underline-offset-2 hover:underline";
export const caseHref = (number: string): string => `/cases/${encodeURIComponent(number)}`;
export const contactHref = (id: string): string => `/contacts/${encodeURIComponent(id)}`;
export const leadHref = (id: string): string => `/leads/${encodeURIComponent(id)}`;
