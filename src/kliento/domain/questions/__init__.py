"""What third parties ask of people: a question names fields, needed or optional; the person answers it once they saw
the exact values. The answer is grants (`sharing`); nothing here opens a value."""
