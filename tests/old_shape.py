"""Lessons that have not got the shape yet: one idea, one sitting. The list only shrinks."""

OLD_SHAPE = {
    "00_01_tensors",
    "02_01_vectors_and_matrices",
    "02_08_svd_and_more",
    "03_01_probability",
    "03_09_distributions",
    "03_13b_coding_a_text",
    "04_01_numerics",
    "04_03_optimization_basics",
    "06_01_feedforward",
    "06_07_training_from_scratch",
    "07_01b_sparsity_and_constraints",
    "07_04_noise_and_invariance",
    "07_09_sharing_and_bagging",
    "08_01_challenges",
    "08_03_algorithms",
    "08_04_initialization_and_batchnorm",
    "08_06_second_order",
}
