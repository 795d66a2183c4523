/**
 * The parts of which the control API is made. A further part joins here, and nowhere else.
 *
 * @module
 */
import type { Document } from '../openapi/document.ts'
import { clockPart } from './clock-part.ts'
import type { ControlPart } from './control-part.ts'
import { faultPart } from './fault-part.ts'
import { createGeneralPart } from './general-part.ts'
import { jobPart } from './job-part.ts'
import { requestPart } from './request-part.ts'
import { sandboxPart } from './sandbox-part.ts'
import { webhookPart } from './webhook-part.ts'

/**
 * All parts, in the order in which the document has them.
 *
 * @param document - The document that they make together.
 */
export function createParts(version: string, document: () => Document): readonly ControlPart[] {
  return [
    createGeneralPart(version, document),
    jobPart,
    clockPart,
    sandboxPart,
    faultPart,
    requestPart,
    webhookPart,
  ]
}
