/** Imported for its effect, by tests of what a run does: no stage finds a result that an earlier run has kept. */
process.env.HYSIM_CACHE = 'off';
