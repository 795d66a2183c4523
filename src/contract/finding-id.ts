/**
 * Ids of findings: short, the same in every run, and enough to know which check of which operation to ask
 * again. They are no secrets and no proof: two findings may share one by chance, very rarely.
 *
 * @module
 */
import { hashText } from '../random/key.ts'

/** What makes a finding the same finding. */
export interface FindingFacts {
  readonly check: string
  readonly operationId: string
  readonly status: number
  readonly law?: string | undefined
  readonly topic: string
}

const SEEDS = [1, 2] as const
const SIDE_LENGTH = 5
const TOPIC_LENGTH = 7

/** The id of a finding: its check and operation before the hyphen, what it is about behind it. */
export function idOf(api: string, { check, operationId, status, law, topic }: FindingFacts): string {
  const rest = hash(`${status}\n${law ?? ''}\n${topic}`, TOPIC_LENGTH)
  return `${sideOf(api, check, operationId)}-${rest}`
}

/** The part of an id that names a check of an operation. */
export function sideOf(api: string, check: string, operationId: string): string {
  return hash(`${api}\n${check}\n${operationId}`, SIDE_LENGTH)
}

/** Is a text an id of a finding? */
export function isFindingId(text: string): boolean {
  return new RegExp(`^[0-9a-z]{${SIDE_LENGTH}}-[0-9a-z]{${TOPIC_LENGTH}}$`).test(text)
}

function hash(text: string, length: number): string {
  const words = SEEDS.map((seed) => hashText(text, seed).toString(36).padStart(7, '0'))
  return words.join('').slice(-length)
}
