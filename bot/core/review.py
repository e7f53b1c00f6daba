"""stub"""
FACTS = ("scales_pixels","flattens","hidden_non_linear","ten_outputs","cross_entropy_on_logits","training_loop","evaluates_held_out")
