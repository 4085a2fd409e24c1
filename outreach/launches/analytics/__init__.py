"""Web analytics: figures from files people export, and from services that are asked."""
