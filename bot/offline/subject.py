"""The words of the trade: a message that holds one of them speaks about the question and not about the interview.

It is a list of words and nothing more; what a message means is decided in `meaning`.
"""

from __future__ import annotations

DOMAIN = frozenset(
    """
    accuracy activation activations adagrad adam adamw algorithm algorithms amplify architecture array artificial
    attention autoencoder average averages axon backprop backpropagate backpropagates backpropagation backward
    backwards batch batches batchnorm bayesian bce beta bias biases binary boltzmann boosting bottleneck boundary
    capacity cell cells chain channel channels classes classification classifier classifiers classify class cluster
    clustering cnn cnns coefficient column columns compute computes computation connection connections continuous
    contrastive converge converged convergence converges convex convolution convolutional convolutions cost costs
    cpu cuda curve curvature cycle cycles data dataset datasets decay decoder decreases deep dendrite dendrites dense
    depth derivative derivatives descent differentiable digit digits dimension dimensions discrete distribution
    divergence dropout edge edges embedding embeddings encoder energy entropy epoch epochs epsilon error errors
    estimate example examples exponential fan feature features feed feedforward fields filter filters fit flat flatten
    flattened forest forward function functions gaussian generalise generalisation generalization generalize
    generative gibbs global gpu gpus grad gradient gradients graph graphs grid hidden hyperparameter hyperparameters
    hyperplane identity image images inference initialisation initialise initialization initialize input inputs
    iterate iteration iterations kernel kernels label labels lasso latent layer layers leaky learn learned learner
    learning learns learnt likelihood linear linearly local logarithm logistic logit logits loop loops loss losses lr
    lstm machine machines mae map maps margin mask matrices matrix max maximum maxima mean memory minibatch
    minimise minimises minimize minimizes minimum minima mlp mlps mnist model models moment moments momentum mse
    multilayer multiply network networks neural neuron neurons node nodes noise noisy nonlinear nonlinearity norm
    normalisation normalise normalization normalize numpy objective objectives optima optimal optimisation optimise
    optimiser optimisers optimization optimize optimizer optimizers output outputs overfit overfits overfitting
    padding parameter parameters partial patch patches pattern patterns pca penalty perceptron perceptrons pixel
    pixels plane pool pooling predict prediction predictions predicts probabilities probability python pytorch
    quadratic random randomly rate rates rbm rbms receptive recurrent regression regularisation regularise
    regularization regularize regulariser relu representation residual rmsprop rnn rnns saddle sample samples
    sampling scalar scale scaled scales separable sequence sgd shape shapes sigmoid sigmoids signal signals sigma
    slope softmax softplus sparse sparsity spatial squared step stepped stepping steps stochastic stride strides sum
    summed sums supervised svm svms synapse synapses tanh target targets tensor tensorflow tensors test threshold
    thresholds torch train trained training trains transfer transformer transformers translation tree trees tuning
    underfit underfitting undirected uniform unit units unsupervised update updated updates upsample validation value
    values vanish vanishes vanishing variance variances vector vectors velocity visible weight weighted weights width
    xor zero zeros zeroes zeroed
    """.split()
)

#: Letters that stand for more words, as question ids have them.
SPELT_OUT = {
    "ml": ("machine", "learning"),
    "dl": ("deep", "learning"),
    "mlp": ("multilayer", "perceptron", "mlp"),
    "cnn": ("convolutional", "convolution", "cnn"),
    "sgd": ("sgd", "stochastic"),
    "rbm": ("restricted", "boltzmann", "rbm"),
    "backprop": ("backprop", "backpropagation"),
    "boltzmann": ("boltzmann", "rbm"),
}
