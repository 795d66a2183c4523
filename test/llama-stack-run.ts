/**
 * What tests with Llama Stack's own clients ask for, and what a refused call gives them.
 *
 * @module
 */
import { APIError } from 'llama-stack-client'

/** What a call is refused with. */
export async function errorOf(call: PromiseLike<unknown>): Promise<InstanceType<typeof APIError>> {
  try {
    await call
  } catch (error) {
    if (error instanceof APIError) return error
    throw error
  }
  throw new Error('the call was answered')
}

/** An evaluation as a client asks for it. */
export const RUN = {
  benchmark_config: {
    eval_candidate: {
      type: 'model' as const,
      model: 'meta-llama/Llama-3.2-3B-Instruct',
      sampling_params: { strategy: { type: 'greedy' as const } },
    },
    scoring_params: {
      'basic::equality': { type: 'basic' as const, aggregation_functions: ['accuracy'] as 'accuracy'[] },
    },
    num_examples: 12,
  },
}
