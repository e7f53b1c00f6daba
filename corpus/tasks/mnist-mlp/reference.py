import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from lab import load_mnist

torch.manual_seed(0)
x_train, y_train, x_valid, y_valid = load_mnist()
x_train = x_train.float() / 255
x_valid = x_valid.float() / 255

model = nn.Sequential(
    nn.Flatten(),
    nn.Linear(28 * 28, 256), nn.ReLU(),
    nn.Linear(256, 128), nn.ReLU(),
    nn.Linear(128, 10),
)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=64, shuffle=True)

for epoch in range(5):
    model.train()
    for images, labels in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(images), labels)
        loss.backward()
        optimizer.step()

    model.eval()
    with torch.no_grad():
        predicted = model(x_valid).argmax(dim=1)
    accuracy = (predicted == y_valid).float().mean().item()
    print(f"epoch {epoch + 1}: validation accuracy {accuracy:.3f}")
