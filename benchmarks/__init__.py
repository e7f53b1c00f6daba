"""What the README's figures come from. Run: python -m benchmarks"""
