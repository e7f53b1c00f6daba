import torch
from torch import nn

from lab import load_mnist

torch.manual_seed(0)
x_train, y_train, x_valid, y_valid = load_mnist()
x_train = x_train.unsqueeze(1).float() / 255
x_valid = x_valid.unsqueeze(1).float() / 255

model = nn.Sequential(
    nn.Conv2d(1, 8, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(8, 16, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(16 * 7 * 7, 10),
)
print(sum(p.numel() for p in model.parameters()), "parameters")
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

for epoch in range(4):
    model.train()
    order = torch.randperm(len(x_train))[:12_000]
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
