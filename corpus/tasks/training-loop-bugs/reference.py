import torch
from torch import nn

from lab import load_mnist

torch.manual_seed(0)
x_train, y_train, x_valid, y_valid = load_mnist()
x_train = x_train.float() / 255
x_valid = x_valid.float() / 255

model = nn.Sequential(
    nn.Flatten(),
    nn.Linear(28 * 28, 256),
    nn.ReLU(),
    nn.Dropout(0.2),
    nn.Linear(256, 128),
    nn.ReLU(),
    nn.Dropout(0.2),
    nn.Linear(128, 10),
)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

for epoch in range(5):
    model.train()
    order = torch.randperm(len(x_train))
    for start in range(0, len(order), 64):
        batch = order[start : start + 64]
        optimizer.zero_grad()
        loss = loss_fn(model(x_train[batch]), y_train[batch])
        loss.backward()
        optimizer.step()

    model.eval()
    with torch.no_grad():
        predicted = model(x_valid).argmax(dim=1)
    accuracy = (predicted == y_valid).float().mean().item()
    print(f"epoch {epoch + 1}: validation accuracy {accuracy:.3f}")
