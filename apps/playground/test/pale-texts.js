/** Run in the browser by the tests of the page. */

/** Texts whose contrast with their ground is below 4.5 (WCAG 2.2, 1.4.3). */
export function paleTexts() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const paint = (colors) => {
    for (const color of colors) {
      canvas.fillStyle = color
      canvas.fillRect(0, 0, 1, 1)
    }
    return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)]
  }
  const light = (rgb) => {
    const [r = 0, g = 0, b = 0] = rgb.map((value) => {
      const part = value / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const grounds = (element) =>
    element ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : ['#fff']
  const pale = []
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
    const box = element.getBoundingClientRect()
    if (!own || box.width === 0 || element.closest('.avatar, .acts, .day')) continue
    const behind = grounds(element)
    const ground = light(paint(behind))
    const text = light(paint([...behind, getComputedStyle(element).color]))
    const contrast = (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05)
    if (contrast < 4.5) pale.push(`${element.className || element.tagName}: ${contrast.toFixed(2)}`)
  }
  return pale
}
