/** Made by scripts/stage-specs.mjs from kernel/stages; change the stage there, then run that script. */
/* eslint-disable max-lines */
import type { StageData } from './spec.js';

export const STAGES: readonly StageData[] = [
  {
    name: 'load',
    version: 2,
    title: 'Load tables',
    description: 'Reads PK tables as they were printed, with their labelled parts where the folder has them.',
    inputs: {},
    output: 'tables',
    params: {
      type: 'object',
      required: ['path'],
      properties: {
        path: {
          minLength: 1,
          'x-path': 'either',
          description:
            'A folder with tables.jsonl, or of Markdown, HTML, CSV, TSV, XLSX and JATS XML files, or one such file; taken from the notebook’s folder.',
          type: 'string'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'samples',
    version: 2,
    title: 'Samples',
    description:
      'Makes one sample of each header or row, with its text, label, paper, and columns to split by.',
    inputs: {
      tables: {
        kind: 'tables',
        description: 'tables as loaded'
      }
    },
    output: 'samples',
    params: {
      type: 'object',
      properties: {
        unit: {
          default: 'header',
          description: 'What a sample is: a header or row label, or a whole row.',
          anyOf: [
            {
              const: 'header',
              type: 'string'
            },
            {
              const: 'row',
              type: 'string'
            }
          ]
        },
        label: {
          default: 'label',
          minLength: 1,
          description: 'The field that holds the label.',
          type: 'string'
        },
        text: {
          default: ['text', 'unit'],
          minItems: 1,
          description: 'The fields that the model reads, joined in this order; empty ones are left out.',
          type: 'array',
          items: {
            minLength: 1,
            type: 'string'
          }
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'split',
    version: 1,
    title: 'Split by paper',
    description:
      'Takes the source and the target out of the samples, and gives each paper one fold across both.',
    inputs: {
      samples: {
        kind: 'samples',
        description: 'samples to split'
      }
    },
    output: 'data',
    params: {
      type: 'object',
      required: ['source', 'target'],
      properties: {
        source: {
          minProperties: 1,
          description: 'Columns and the values that make a sample source, e.g. { table_kind: "nca" }.',
          type: 'object',
          patternProperties: {
            '^(.*)$': {
              anyOf: [
                {
                  type: 'string'
                },
                {
                  minItems: 1,
                  type: 'array',
                  items: {
                    type: 'string'
                  }
                }
              ]
            }
          }
        },
        target: {
          minProperties: 1,
          description: 'Columns and the values that make a sample target.',
          type: 'object',
          patternProperties: {
            '^(.*)$': {
              anyOf: [
                {
                  type: 'string'
                },
                {
                  minItems: 1,
                  type: 'array',
                  items: {
                    type: 'string'
                  }
                }
              ]
            }
          }
        },
        fit: {
          default: 0.5,
          minimum: 0.1,
          maximum: 0.8,
          description: 'Share of papers in fold F.',
          type: 'number'
        },
        choose: {
          default: 0.2,
          minimum: 0.1,
          maximum: 0.5,
          description: 'Share of papers in fold C.',
          type: 'number'
        },
        seed: {
          default: 1,
          minimum: 0,
          description: 'Seed of the split.',
          type: 'integer'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'simulate',
    version: 1,
    title: 'Simulate',
    description: 'Draws source and target papers from a known law, contamination included.',
    inputs: {},
    output: 'data',
    params: {
      type: 'object',
      properties: {
        kind: {
          default: 'latent',
          description:
            'latent: 8 dimensions in many, a mean shift. covariance: the target also shrinks. gaussian: no manifold, a linear ratio. hybrid: a torus whose angle turns. The shapes: a known manifold, the target tilted along it.',
          anyOf: [
            {
              const: 'latent',
              type: 'string'
            },
            {
              const: 'gaussian',
              type: 'string'
            },
            {
              const: 'covariance',
              type: 'string'
            },
            {
              const: 'hybrid',
              type: 'string'
            },
            {
              const: 'circle',
              type: 'string'
            },
            {
              const: 'sphere',
              type: 'string'
            },
            {
              const: 'torus',
              type: 'string'
            },
            {
              const: 'swiss',
              type: 'string'
            },
            {
              const: 'sphere5',
              type: 'string'
            }
          ]
        },
        shift: {
          default: 1,
          minimum: -4,
          maximum: 4,
          description:
            'How far the target’s mean lies from the source’s, in standard deviations: for latent and gaussian χ² = exp(shift²) − 1. For hybrid an angle, for shapes the strength of the tilt.',
          type: 'number'
        },
        dimension: {
          default: 32,
          minimum: 2,
          maximum: 1024,
          description: 'Numbers in a vector: at least 9 for latent and covariance, of which 8 carry the law.',
          type: 'integer'
        },
        source_papers: {
          default: 2600,
          minimum: 6,
          maximum: 100000,
          description: 'Source papers.',
          type: 'integer'
        },
        target_papers: {
          default: 1700,
          minimum: 6,
          maximum: 100000,
          description: 'Target papers.',
          type: 'integer'
        },
        rows_per_paper: {
          default: 3,
          minimum: 1,
          maximum: 1000,
          description: 'Rows of the largest paper.',
          type: 'integer'
        },
        clustering: {
          default: 0.3,
          minimum: 0,
          exclusiveMaximum: 1,
          description: 'Share of a row’s variance that its paper shares.',
          type: 'number'
        },
        noise: {
          default: 0.15,
          exclusiveMinimum: 0,
          maximum: 10,
          description: 'Standard deviation of the embedding noise in each coordinate.',
          type: 'number'
        },
        contamination: {
          default: 0.1,
          minimum: 0,
          maximum: 0.5,
          description: 'Share of source rows that are foreign: off the manifold, target-like, label flipped.',
          type: 'number'
        },
        uncovered: {
          default: 0,
          minimum: 0,
          maximum: 0.9,
          description: 'Share of target papers that lie where the source never is; gaussian only.',
          type: 'number'
        },
        fit: {
          default: 0.5,
          minimum: 0.1,
          maximum: 0.8,
          description: 'Share of papers in fold F.',
          type: 'number'
        },
        choose: {
          default: 0.2,
          minimum: 0.1,
          maximum: 0.5,
          description: 'Share of papers in fold C.',
          type: 'number'
        },
        seed: {
          default: 1,
          minimum: 0,
          description: 'Seed of the draw.',
          type: 'integer'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'embed',
    version: 2,
    title: 'Embed',
    description: 'Turns each sample into a vector by a frozen encoder.',
    inputs: {
      data: {
        kind: 'data',
        description: 'samples with domain and fold'
      }
    },
    output: 'space',
    params: {
      type: 'object',
      properties: {
        encoder: {
          default: 'auto',
          minLength: 1,
          'x-path': 'folder',
          examples: ['auto', 'minilm', 'vectors'],
          description:
            '"minilm" (all-MiniLM-L6-v2), "vectors" (numbers that the data brought along), "auto" (vectors where there are any, else minilm), or the folder of a sentence encoder.',
          type: 'string'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'project',
    version: 1,
    title: 'Project',
    description: 'Draws an embedding by UMAP or PCA. Changes pictures, and nothing that is computed.',
    inputs: {
      space: {
        kind: 'space',
        description: 'an embedding'
      }
    },
    output: 'space',
    params: {
      type: 'object',
      properties: {
        method: {
          default: 'umap',
          description:
            'umap keeps neighbours together and says nothing of distances; pca keeps the directions of largest variance.',
          anyOf: [
            {
              const: 'umap',
              type: 'string'
            },
            {
              const: 'pca',
              type: 'string'
            }
          ]
        },
        dimensions: {
          default: 2,
          description: 'Axes of the picture; a third one is offered as a colour.',
          anyOf: [
            {
              const: 2,
              type: 'number'
            },
            {
              const: 3,
              type: 'number'
            }
          ]
        },
        neighbors: {
          default: 15,
          minimum: 3,
          maximum: 200,
          description:
            'Rows that each row is kept near to, itself counted: few show detail, many the whole. Trustworthiness is measured with as many.',
          type: 'integer'
        },
        min_dist: {
          default: 0.1,
          minimum: 0,
          maximum: 0.99,
          description: 'How near to one another UMAP may draw rows.',
          type: 'number'
        },
        metric: {
          default: 'euclidean',
          description: 'What near means; cosine leaves the length of a vector out.',
          anyOf: [
            {
              const: 'euclidean',
              type: 'string'
            },
            {
              const: 'cosine',
              type: 'string'
            }
          ]
        },
        epochs: {
          default: null,
          description: 'Passes of UMAP over its graph; null takes 500, and 200 beyond 10,000 rows.',
          anyOf: [
            {
              minimum: 1,
              maximum: 10000,
              type: 'integer'
            },
            {
              type: 'null'
            }
          ]
        },
        rank: {
          default: null,
          description:
            'Most principal components in which UMAP looks for neighbours; null takes all dimensions, and 64 beyond 10,000 rows.',
          anyOf: [
            {
              minimum: 2,
              maximum: 4096,
              type: 'integer'
            },
            {
              type: 'null'
            }
          ]
        },
        sample: {
          default: 50000,
          minimum: 100,
          maximum: 1000000,
          description: 'Most rows that UMAP is fitted on; the others are then put among them.',
          type: 'integer'
        },
        seed: {
          default: 0,
          minimum: 0,
          description: 'Seed of UMAP’s descent and of samples.',
          type: 'integer'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'denoise',
    version: 3,
    title: 'Denoise on the manifold',
    description:
      'Weighs rows down whose embedding lies off the manifold, and flags the strangest for a person.',
    inputs: {
      space: {
        kind: 'space',
        description: 'an embedding'
      }
    },
    output: 'denoised',
    params: {
      type: 'object',
      properties: {
        neighbors: {
          default: null,
          description:
            'Rows that fit each tangent plane; null takes the number with the largest predicted gain.',
          anyOf: [
            {
              minimum: 4,
              maximum: 512,
              type: 'integer'
            },
            {
              type: 'null'
            }
          ]
        },
        method: {
          default: 'auto',
          description:
            'The projection that distances are measured to: global PCA, local tangent planes after it, or none; auto takes the one with the smaller error on fold C.',
          anyOf: [
            {
              const: 'auto',
              type: 'string'
            },
            {
              const: 'none',
              type: 'string'
            },
            {
              const: 'global',
              type: 'string'
            },
            {
              const: 'local',
              type: 'string'
            }
          ]
        },
        fdr: {
          default: 0.1,
          minimum: 0.001,
          maximum: 0.5,
          description:
            'Share of falsely flagged papers among those of folds F and C that are shown to people. Changes no weight.',
          type: 'number'
        },
        rank: {
          default: 64,
          minimum: 1,
          maximum: 512,
          description: 'Most principal components that are kept.',
          type: 'integer'
        },
        reference: {
          default: 'source',
          description: 'Which papers of fold C are trusted: κ and the flags are measured against them.',
          anyOf: [
            {
              const: 'source',
              type: 'string'
            },
            {
              const: 'target',
              type: 'string'
            }
          ]
        },
        trusted: {
          default: [],
          description:
            'Papers of that fold C which a person vouches for: they alone are the reference. An empty list trusts all.',
          type: 'array',
          items: {
            minLength: 1,
            type: 'string'
          }
        },
        contamination: {
          default: 0,
          minimum: 0,
          maximum: 0.4,
          description:
            'Declared share of reference papers that hold foreign rows: at most so many that lie far out are trimmed.',
          type: 'number'
        },
        seed: {
          default: 0,
          minimum: 0,
          description: 'Seed of subsamples.',
          type: 'integer'
        },
        bypass: {
          default: false,
          description: 'Leaves denoising out: every row counts as clean, and none is flagged.',
          type: 'boolean'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'review',
    version: 1,
    title: 'Review',
    description: 'Keeps, drops or relabels samples as a person decided; folds F and C only.',
    inputs: {
      clean: {
        kind: 'denoised',
        description: 'denoised samples with their flags'
      }
    },
    output: 'denoised',
    params: {
      type: 'object',
      properties: {
        log: {
          default: 'decisions.jsonl',
          minLength: 1,
          'x-path': 'file',
          description:
            'The decision log, JSON lines; taken from the notebook’s folder. A missing log holds no decisions.',
          type: 'string'
        },
        bypass: {
          default: false,
          description: 'Leaves the review out: passes its input on, whatever the log holds.',
          type: 'boolean'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'weigh',
    version: 4,
    title: 'Weigh by similarity',
    description:
      'Fits the density ratio of target to source on what cleaning keeps, or a similarity tilt; caps it, and tempers it to train.',
    inputs: {
      space: {
        kind: 'space',
        description: 'an embedding'
      },
      clean: {
        kind: 'denoised',
        description: 'its denoising, reviewed or not'
      }
    },
    output: 'weights',
    params: {
      type: 'object',
      properties: {
        method: {
          default: 'auto',
          description:
            'The ratio estimator; auto keeps the one with the smallest J on fold C, or uniform weights. kernel, cosine and string are similarity tilts, not ratios.',
          anyOf: [
            {
              const: 'auto',
              type: 'string'
            },
            {
              const: 'logit-quad',
              type: 'string'
            },
            {
              const: 'rulsif',
              type: 'string'
            },
            {
              const: 'ulsif',
              type: 'string'
            },
            {
              const: 'kliep',
              type: 'string'
            },
            {
              const: 'logit',
              type: 'string'
            },
            {
              const: 'kernel',
              type: 'string'
            },
            {
              const: 'cosine',
              type: 'string'
            },
            {
              const: 'string',
              type: 'string'
            },
            {
              const: 'uniform',
              type: 'string'
            }
          ]
        },
        alpha: {
          default: 0.1,
          minimum: 0,
          maximum: 0.9,
          description:
            'RuLSIF: the share of the target mixed into the source. Larger is steadier and sees less; 0 is uLSIF.',
          type: 'number'
        },
        rank: {
          default: 16,
          minimum: 1,
          maximum: 64,
          description: 'Most principal components that the ratio is fitted in.',
          type: 'integer'
        },
        cap: {
          default: null,
          description: 'The cap W of the ratio; null chooses it on fold C.',
          anyOf: [
            {
              exclusiveMinimum: 0,
              maximum: 10000,
              type: 'number'
            },
            {
              type: 'null'
            }
          ]
        },
        seed: {
          default: 0,
          minimum: 0,
          description: 'Seed of cross-validation.',
          type: 'integer'
        },
        bypass: {
          default: false,
          description: 'Leaves similarity out: every ratio is 1, and the clean weights alone count.',
          type: 'boolean'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'finetune',
    version: 1,
    title: 'Fine-tune',
    description:
      'Trains on source fold F with a weight a sample, and keeps the epoch that is best on fold C.',
    inputs: {
      data: {
        kind: 'data',
        description: 'samples with domain and fold'
      },
      weights: {
        kind: 'weights',
        description: 'weights by similarity, clean weights included',
        optional: true
      },
      clean: {
        kind: 'denoised',
        description: 'clean weights, and the labels of a review',
        optional: true
      }
    },
    output: 'model',
    params: {
      type: 'object',
      properties: {
        method: {
          default: 'head',
          description:
            'What is trained: "head", a head on the frozen encoder; "lora", first that head, then low-rank adapters in the encoder together with it.',
          anyOf: [
            {
              const: 'head',
              type: 'string'
            },
            {
              const: 'lora',
              type: 'string'
            }
          ]
        },
        rank: {
          default: 8,
          minimum: 1,
          maximum: 1024,
          description: 'LoRA: rank of each update.',
          type: 'integer'
        },
        alpha: {
          default: 16,
          exclusiveMinimum: 0,
          maximum: 4096,
          description: 'LoRA: an update is scaled by alpha / rank.',
          type: 'number'
        },
        rslora: {
          default: false,
          description: 'LoRA: scale by alpha / sqrt(rank) instead.',
          type: 'boolean'
        },
        target_modules: {
          default: ['query', 'value'],
          minItems: 1,
          uniqueItems: true,
          description:
            'LoRA: linear modules with an update, matched by the end of their names as in peft: "output.dense" is both the attention’s and the feed-forward layer’s, "dense" all three.',
          type: 'array',
          items: {
            anyOf: [
              {
                const: 'query',
                type: 'string'
              },
              {
                const: 'key',
                type: 'string'
              },
              {
                const: 'value',
                type: 'string'
              },
              {
                const: 'attention.output.dense',
                type: 'string'
              },
              {
                const: 'intermediate.dense',
                type: 'string'
              },
              {
                const: 'output.dense',
                type: 'string'
              },
              {
                const: 'dense',
                type: 'string'
              }
            ]
          }
        },
        lora_epochs: {
          default: 4,
          minimum: 1,
          maximum: 1000,
          description: 'LoRA: most passes over the training rows, after those of the head.',
          type: 'integer'
        },
        lora_batch: {
          default: 16,
          minimum: 1,
          maximum: 4096,
          description: 'LoRA: rows a step.',
          type: 'integer'
        },
        lora_learning_rate: {
          default: 0.001,
          exclusiveMinimum: 0,
          maximum: 1,
          description: 'LoRA: peak learning rate of AdamW, for adapters and head.',
          type: 'number'
        },
        hidden: {
          default: 0,
          minimum: 0,
          maximum: 4096,
          description: 'Units of a hidden layer; 0 for a linear head.',
          type: 'integer'
        },
        epochs: {
          default: 60,
          minimum: 1,
          maximum: 10000,
          description: 'Most passes of the head over the training rows.',
          type: 'integer'
        },
        batch: {
          default: 64,
          minimum: 1,
          maximum: 65536,
          description: 'Rows a step of the head.',
          type: 'integer'
        },
        learning_rate: {
          default: 0.003,
          exclusiveMinimum: 0,
          maximum: 1,
          description: 'Peak learning rate of AdamW for the head.',
          type: 'number'
        },
        weight_decay: {
          default: 0.05,
          minimum: 0,
          maximum: 10,
          description: 'Decoupled decay of AdamW.',
          type: 'number'
        },
        patience: {
          default: 10,
          minimum: 1,
          maximum: 10000,
          description: 'Epochs without a lower loss on fold C before training stops; the best epoch is kept.',
          type: 'integer'
        },
        encoder: {
          default: 'auto',
          minLength: 1,
          'x-path': 'folder',
          examples: ['auto', 'minilm', 'vectors'],
          description:
            'As in embed; "auto" takes that of the weights or of the denoising, where there are any.',
          type: 'string'
        },
        seed: {
          default: 0,
          minimum: 0,
          description: 'Seed of the starting parameters and of the order of rows.',
          type: 'integer'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'evaluate',
    version: 1,
    title: 'Evaluate',
    description:
      'Scores a model on the labels of held-out target papers, classes without source support included.',
    inputs: {
      data: {
        kind: 'data',
        description: 'samples with domain and fold'
      },
      model: {
        kind: 'model',
        description: 'a trained model'
      }
    },
    output: 'report',
    params: {
      type: 'object',
      properties: {
        fold: {
          default: 'U',
          description:
            'Target papers that are scored: U, or with it C and F, which served without labels to choose and to fit.',
          anyOf: [
            {
              const: 'U',
              type: 'string'
            },
            {
              const: 'C+U',
              type: 'string'
            },
            {
              const: 'all',
              type: 'string'
            }
          ]
        },
        repeats: {
          default: 1000,
          minimum: 100,
          maximum: 100000,
          description: 'Resamples of the papers.',
          type: 'integer'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'ablate',
    version: 1,
    title: 'Ablate',
    description:
      'Compares uniform, weights, clean, hybrid and target labels on the same held-out target papers.',
    inputs: {
      data: {
        kind: 'data',
        description: 'samples with domain and fold'
      },
      weights: {
        kind: 'weights',
        description: 'weights by similarity'
      },
      clean: {
        kind: 'denoised',
        description: 'the denoising that the weights were made from'
      }
    },
    output: 'report',
    params: {
      type: 'object',
      properties: {
        method: {
          default: 'head',
          description:
            'What is trained: "head", a head on the frozen encoder; "lora", first that head, then low-rank adapters in the encoder together with it.',
          anyOf: [
            {
              const: 'head',
              type: 'string'
            },
            {
              const: 'lora',
              type: 'string'
            }
          ]
        },
        rank: {
          default: 8,
          minimum: 1,
          maximum: 1024,
          description: 'LoRA: rank of each update.',
          type: 'integer'
        },
        alpha: {
          default: 16,
          exclusiveMinimum: 0,
          maximum: 4096,
          description: 'LoRA: an update is scaled by alpha / rank.',
          type: 'number'
        },
        rslora: {
          default: false,
          description: 'LoRA: scale by alpha / sqrt(rank) instead.',
          type: 'boolean'
        },
        target_modules: {
          default: ['query', 'value'],
          minItems: 1,
          uniqueItems: true,
          description:
            'LoRA: linear modules with an update, matched by the end of their names as in peft: "output.dense" is both the attention’s and the feed-forward layer’s, "dense" all three.',
          type: 'array',
          items: {
            anyOf: [
              {
                const: 'query',
                type: 'string'
              },
              {
                const: 'key',
                type: 'string'
              },
              {
                const: 'value',
                type: 'string'
              },
              {
                const: 'attention.output.dense',
                type: 'string'
              },
              {
                const: 'intermediate.dense',
                type: 'string'
              },
              {
                const: 'output.dense',
                type: 'string'
              },
              {
                const: 'dense',
                type: 'string'
              }
            ]
          }
        },
        lora_epochs: {
          default: 4,
          minimum: 1,
          maximum: 1000,
          description: 'LoRA: most passes over the training rows, after those of the head.',
          type: 'integer'
        },
        lora_batch: {
          default: 16,
          minimum: 1,
          maximum: 4096,
          description: 'LoRA: rows a step.',
          type: 'integer'
        },
        lora_learning_rate: {
          default: 0.001,
          exclusiveMinimum: 0,
          maximum: 1,
          description: 'LoRA: peak learning rate of AdamW, for adapters and head.',
          type: 'number'
        },
        hidden: {
          default: 0,
          minimum: 0,
          maximum: 4096,
          description: 'Units of a hidden layer; 0 for a linear head.',
          type: 'integer'
        },
        epochs: {
          default: 60,
          minimum: 1,
          maximum: 10000,
          description: 'Most passes of the head over the training rows.',
          type: 'integer'
        },
        batch: {
          default: 64,
          minimum: 1,
          maximum: 65536,
          description: 'Rows a step of the head.',
          type: 'integer'
        },
        learning_rate: {
          default: 0.003,
          exclusiveMinimum: 0,
          maximum: 1,
          description: 'Peak learning rate of AdamW for the head.',
          type: 'number'
        },
        weight_decay: {
          default: 0.05,
          minimum: 0,
          maximum: 10,
          description: 'Decoupled decay of AdamW.',
          type: 'number'
        },
        patience: {
          default: 10,
          minimum: 1,
          maximum: 10000,
          description: 'Epochs without a lower loss on fold C before training stops; the best epoch is kept.',
          type: 'integer'
        },
        encoder: {
          default: 'auto',
          minLength: 1,
          'x-path': 'folder',
          examples: ['auto', 'minilm', 'vectors'],
          description:
            'As in embed; "auto" takes that of the weights or of the denoising, where there are any.',
          type: 'string'
        },
        seed: {
          default: 0,
          minimum: 0,
          description: 'Seed of the starting parameters and of the order of rows.',
          type: 'integer'
        },
        fold: {
          default: 'U',
          description:
            'Target papers that are scored: U alone, or C as well, which served without labels to choose.',
          anyOf: [
            {
              const: 'U',
              type: 'string'
            },
            {
              const: 'C+U',
              type: 'string'
            }
          ]
        },
        seeds: {
          default: 3,
          minimum: 1,
          maximum: 50,
          description: 'Trainings of each arm, from `seed` on; scores are their mean.',
          type: 'integer'
        },
        repeats: {
          default: 1000,
          minimum: 100,
          maximum: 100000,
          description: 'Resamples of the papers.',
          type: 'integer'
        }
      },
      additionalProperties: false
    },
    deterministic: true
  },
  {
    name: 'certify',
    version: 3,
    title: 'Certify',
    description:
      'Bounds the risk on the target, and the gain over a baseline, each term by itself; opens fold V on its ledger.',
    inputs: {
      data: {
        kind: 'data',
        description: 'samples with domain and fold'
      },
      weights: {
        kind: 'weights',
        description: 'weights by similarity'
      },
      clean: {
        kind: 'denoised',
        description: 'the denoising that the weights were made from',
        optional: true
      },
      model: {
        kind: 'model',
        description: 'the model to certify'
      },
      baseline: {
        kind: 'model',
        description: 'the model to compare it with',
        optional: true
      }
    },
    output: 'certificate',
    params: {
      type: 'object',
      properties: {
        delta: {
          default: 0.05,
          minimum: 0.000001,
          maximum: 0.5,
          description:
            'Probability with which a number may miss, over all looks at the same papers together, if all use the same delta.',
          type: 'number'
        },
        gamma: {
          default: 1,
          minimum: 1,
          maximum: 100,
          description: 'Γ: the factor by which the weights may be wrong.',
          type: 'number'
        },
        contamination: {
          default: 0,
          minimum: 0,
          maximum: 1,
          description:
            'η: share of the source that may be foreign and still be kept. 0 assumes that none is.',
          type: 'number'
        },
        false_keep: {
          default: 1,
          minimum: 0,
          maximum: 1,
          description: 'β: mean clean weight that a foreign row gets.',
          type: 'number'
        },
        unit: {
          default: 'paper',
          description:
            'What the risk is averaged over: papers, each as much as another, or rows, so that large papers count more.',
          anyOf: [
            {
              const: 'paper',
              type: 'string'
            },
            {
              const: 'row',
              type: 'string'
            }
          ]
        },
        rows_per_paper: {
          default: null,
          description:
            'With unit "row": the most rows that a paper counts; more are drawn at random. null goes by the papers of fold C.',
          anyOf: [
            {
              minimum: 1,
              maximum: 100000,
              type: 'integer'
            },
            {
              type: 'null'
            }
          ]
        },
        label_noise: {
          default: 0,
          minimum: 0,
          exclusiveMaximum: 1,
          description:
            'ϱ: rate of wrong labels, known from elsewhere. Give the least that you are sure of: too high a rate makes bounds too low.',
          type: 'number'
        },
        target_labels: {
          default: false,
          description:
            'Also bounds the target’s risk from the labels of its fold U, with no assumption on weights. Spends U as V is spent.',
          type: 'boolean'
        },
        pac_bayes: {
          default: false,
          description: 'Also theorem 1A, about a model whose parameters are drawn anew for each row.',
          type: 'boolean'
        },
        kernel: {
          default: false,
          description: 'Also theorem 1C, which needs no ratio but a smooth loss.',
          type: 'boolean'
        },
        rkhs_norm: {
          default: null,
          description: 'R of theorem 1C: how rough the loss may be. null estimates it on fold C.',
          anyOf: [
            {
              minimum: 0,
              maximum: 1000,
              type: 'number'
            },
            {
              type: 'null'
            }
          ]
        },
        together: {
          default: false,
          description:
            'Shares delta among all numbers, so that all hold together. Else each holds by itself.',
          type: 'boolean'
        },
        looks: {
          default: null,
          description:
            'How many looks at these papers are declared before the first: each is then certified at delta / looks. null lets delta fall from look to look.',
          anyOf: [
            {
              minimum: 1,
              maximum: 1000,
              type: 'integer'
            },
            {
              type: 'null'
            }
          ]
        },
        plan: {
          default: false,
          description:
            'Says what bound to expect and how many papers it would take, from fold C alone; V stays shut.',
          type: 'boolean'
        },
        ledger: {
          default: '.hysim/ledger',
          minLength: 1,
          'x-path': 'folder',
          description:
            'Folder of the ledgers that count the looks at fold V; taken from the notebook’s folder.',
          type: 'string'
        }
      },
      additionalProperties: false
    },
    deterministic: false
  }
];
