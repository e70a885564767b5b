/** The flows of the server; with one alone, that one is opened at once. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { ArrowRight } from "lucide-react";
import { api } from "../api/client";
import { plural, t } from "../messages";
import { flowHash } from "../state/route";
import { Logo } from "./Logo";
import { ThemeMenu } from "./ThemeMenu";

export function Home() {
  const { data, error } = useQuery({ queryKey: ["flows"], queryFn: api.flows, staleTime: 5000 });
  const only = data?.length === 1 ? data[0] : undefined;
  useEffect(() => {
    if (only) location.replace(flowHash(only.name, ""));
  }, [only]);
  return (
    <div className="home">
      <header className="topbar">
        <Logo />
        <span className="grow" />
        <ThemeMenu />
      </header>
      <main className="home-main">
        <h1>{t("flows")}</h1>
        {error ? <p className="problem-text">{t("serverGone")}</p> : null}
        {data?.length === 0 ? <p>{t("noFlows")}</p> : null}
        <ul className="flow-cards">
          {data?.map((flow) => (
            <li key={flow.name}>
              <a className="flow-card" href={flowHash(flow.name, "")}>
                <strong>{flow.name}</strong>
                <p>{flow.description}</p>
                <span className="flow-card-foot">
                  {plural(flow.processors.length, "processorOne", "processorMany")}
                  <ArrowRight size={15} aria-hidden />
                </span>
              </a>
            </li>
          ))}
        </ul>
      </main>
    </div>
  );
}
