/** The types that flows may be made of; the server has them once and for all. */
import { QueryClient, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../api/client";
import type { ProcessorType, ServiceType } from "../api/types";
import { catalogOf, type Catalog } from "../graph/relationships";

export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: Infinity, retry: 1, refetchOnWindowFocus: false } },
});

/** The flows of the server. */
export const FLOWS = { queryKey: ["flows"], queryFn: api.flows };

/** They are other ones, or may be. */
export const askFlowsAgain = () => queries.invalidateQueries({ queryKey: FLOWS.queryKey });

const PROCESSORS = { queryKey: ["processor-types"], queryFn: api.processorTypes };
const SERVICES = { queryKey: ["service-types"], queryFn: api.serviceTypes };
const NONE: ProcessorType[] = [];
const NO_SERVICES: ServiceType[] = [];
let cached: { types: ProcessorType[]; catalog: Catalog } = { types: NONE, catalog: new Map() };

function catalogFor(types: ProcessorType[]): Catalog {
  if (cached.types !== types) cached = { types, catalog: catalogOf(types) };
  return cached.catalog;
}

export function useProcessorTypes(): ProcessorType[] {
  return useQuery(PROCESSORS).data ?? NONE;
}

/** Whether they are asked for, and have not come. */
export function useAreTypesComing(): boolean {
  return useQuery(PROCESSORS).isPending;
}

export function useServiceTypes(): ServiceType[] {
  return useQuery(SERVICES).data ?? NO_SERVICES;
}

export function useCatalog(): Catalog {
  const types = useProcessorTypes();
  return useMemo(() => catalogFor(types), [types]);
}

/** The same outside of components; empty until it has been loaded. */
export function catalogNow(): Catalog {
  return catalogFor(queries.getQueryData<ProcessorType[]>(PROCESSORS.queryKey) ?? NONE);
}

/** The same when it has been loaded. */
export async function catalogThere(): Promise<Catalog> {
  return catalogFor(await queries.query(PROCESSORS));
}

export function typesNow(): ProcessorType[] {
  return queries.getQueryData<ProcessorType[]>(PROCESSORS.queryKey) ?? NONE;
}
