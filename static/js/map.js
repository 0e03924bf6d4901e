// Draws the layers of the map page. Values stand in the page, areas and points are fetched; nothing comes from outside.
(function () {
  "use strict";

  var SVG = "http://www.w3.org/2000/svg";
  var MOST_SIGNS = 500; // beyond these, points are drawn on a canvas and the table is the way for the keyboard
  var MOST_STOPS = 200; // of areas that the keyboard visits one by one
  var NEAR = 12; // the zoom from which signs are drawn at their full size
  var ROOM = { width: 40, height: 16 }; // that a value takes
  var data = null;
  var whole = null;

  function read(id) {
    var element = document.getElementById(id);
    return element ? JSON.parse(element.textContent) : null;
  }

  function failed() {
    var line = document.getElementById("map-failed");
    if (!line) return;
    line.textContent = data.words.failed;
    line.hidden = false;
  }

  // A file of its own inside the one page, or else beside it.
  function load(id, url, draw) {
    var inside = read(id);
    if (inside) {
      draw(inside);
      return;
    }
    if (!url) return;
    fetch(url, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        return answer.json();
      })
      .then(draw)
      .catch(failed);
  }

  function sentence(pattern, places) {
    return pattern.replace(/\{(\w+)\}/g, function (_all, name) {
      return places[name];
    });
  }

  function paragraph(text) {
    var element = document.createElement("span");
    element.textContent = text;
    return element;
  }

  function show(map, bounds) {
    if (!bounds.isValid()) return;
    whole = whole ? whole.extend(bounds) : L.latLngBounds(bounds.getSouthWest(), bounds.getNorthEast());
    map.fitBounds(whole, { animate: false, padding: [12, 12], maxZoom: 15 });
  }

  function sayArea(name, place) {
    var values = data.areas;
    if (!values) return sentence(data.words.plain, { name: name });
    var shade = values.shades[place];
    if (data.hatched[shade]) return sentence(data.words.hatched, { name: name, words: data.hatched[shade] });
    return sentence(data.words.area, {
      name: name,
      share: shareOf(values, place),
      verdict: data.verdicts[shade],
      part: values.numerators[place],
      whole: values.denominators[place]
    });
  }

  // As a quotient is rounded, unless the page says that this one is written more exactly.
  function shareOf(values, place) {
    if (values.shares[place]) return values.shares[place];
    var tenths = Math.floor((2000 * values.numerators[place] + values.denominators[place]) / (2 * values.denominators[place]));
    return Math.floor(tenths / 10) + "." + (tenths % 10) + "%";
  }

  function fillOf(place) {
    if (!data.areas) return null;
    var shade = data.areas.shades[place];
    return data.fills[shade] || "url(#hatch-" + shade + ")";
  }

  function link(path, url, words, isStop) {
    path.setAttribute("role", "link");
    path.setAttribute("aria-label", words);
    if (isStop) path.setAttribute("tabindex", "0");
    path.addEventListener("keydown", function (event) {
      if (event.key === "Enter") window.location.assign(url);
    });
  }

  function areas(map) {
    data = read("map-data");
    load("map-geometry", data.geometry, function (topology) {
      var found = topojson.feature(topology, topology.objects.areas).features;
      var places = new Map();
      found.forEach(function (feature, place) {
        places.set(feature.id, place);
      });
      var layer = L.geoJSON(found, {
        style: function (feature) {
          var fill = fillOf(places.get(feature.id));
          return { color: "#6b7688", weight: 1, fillColor: fill || "#ffffff", fillOpacity: fill ? 1 : 0.6 };
        },
        onEachFeature: function (feature, shape) {
          var place = places.get(feature.id);
          var words = sayArea((feature.properties && feature.properties.name) || feature.id, place);
          shape.bindTooltip(paragraph(words), { sticky: true });
          var url = data.links.area && data.links.area + feature.id;
          shape.on("add", function () {
            if (url) link(shape.getElement(), url, words, found.length <= MOST_STOPS);
          });
          if (url) {
            shape.on("click", function () {
              window.location.assign(url);
            });
          }
          shape.on("mouseover", function () {
            shape.setStyle({ weight: 3, color: "#1d2433" }).bringToFront();
          });
          shape.on("mouseout", function () {
            shape.setStyle({ weight: 1, color: "#6b7688" });
          });
        }
      });
      layer.addTo(map);
      if (data.areas) values(map, layer, places);
      if (topology.objects.lines) {
        L.geoJSON(topojson.feature(topology, topology.objects.lines), {
          interactive: false,
          style: { color: "#1d2433", weight: 2 }
        }).addTo(map);
      }
      toggle(map, layer, "areas");
      show(map, layer.getBounds());
    });
  }

  // The share stands in each area that has room for it, readable across the signs.
  function values(map, layer, places) {
    var pane = map.createPane("values");
    pane.classList.add("map-values");
    var labels = L.layerGroup();
    function write() {
      labels.clearLayers();
      layer.eachLayer(function (shape) {
        var place = places.get(shape.feature.id);
        var bounds = largest(map, shape);
        if (data.hatched[data.areas.shades[place]] || bounds.width < ROOM.width || bounds.height < ROOM.height) return;
        var isDark = data.dark.indexOf(data.areas.shades[place]) >= 0;
        var icon = L.divIcon({
          html: paragraph(shareOf(data.areas, place)),
          className: "map-value" + (isDark ? " map-value--light" : ""),
          iconSize: [ROOM.width, ROOM.height]
        });
        L.marker(bounds.middle, { icon: icon, pane: "values", interactive: false, keyboard: false }).addTo(labels);
      });
    }
    map.on("zoomend", write);
    write();
    labels.addTo(map);
    toggle(map, labels, "values");
  }

  // The box around the largest part of an area, in pixels, with its middle in degrees.
  function largest(map, shape) {
    var best = { width: 0, height: 0, middle: shape.getBounds().getCenter() };
    var rings = shape.getLatLngs();
    (Array.isArray(rings[0][0]) ? rings : [rings]).forEach(function (part) {
      var bounds = L.latLngBounds(part[0]);
      var high = map.latLngToLayerPoint(bounds.getNorthEast());
      var low = map.latLngToLayerPoint(bounds.getSouthWest());
      if ((high.x - low.x) * (low.y - high.y) <= best.width * best.height) return;
      best = { width: high.x - low.x, height: low.y - high.y, middle: bounds.getCenter() };
    });
    return best;
  }

  function unpacked(columns) {
    var seen = new Set();
    return columns.codes.map(function (code, i) {
      var kind = data.kinds[columns.kinds[i]];
      var words = sentence(data.words.site, {
        name: columns.names[i] + (columns.examples[i] === "1" && columns.names[i].indexOf(data.words.example) < 0 ? " " + data.words.example : ""),
        kind: kind.name,
        precision: data.precisions[columns.precisions[i]]
      });
      if (seen.has(words)) words += " " + code;
      seen.add(words);
      return {
        at: [columns.latitudes[i] / 1e5, columns.longitudes[i] / 1e5],
        corners: kind.points,
        isExact: columns.precisions[i] === "e",
        words: words,
        url: data.links.site ? data.links.site + code : null
      };
    });
  }

  function sign(site) {
    var svg = document.createElementNS(SVG, "svg");
    var shape = document.createElementNS(SVG, "polygon");
    svg.setAttribute("viewBox", "-10 -10 20 20");
    svg.setAttribute("class", "map-sign");
    svg.setAttribute("aria-hidden", "true");
    shape.setAttribute("points", site.corners);
    shape.setAttribute("fill", site.isExact ? data.colours.fill : data.colours.hollow);
    shape.setAttribute("stroke", site.isExact ? data.colours.edge : data.colours.fill);
    shape.setAttribute("stroke-width", site.isExact ? "1.5" : "3");
    svg.appendChild(shape);
    return svg;
  }

  function markers(sites) {
    return sites.map(function (site) {
      var icon = L.divIcon({ html: sign(site), className: "map-marker", iconSize: [24, 24] });
      var marker = L.marker(site.at, { icon: icon, alt: site.words, title: "", keyboard: true, riseOnHover: true });
      marker.bindTooltip(paragraph(site.words));
      marker.on("add", function () {
        marker.getElement().setAttribute("aria-label", site.words);
        marker.getElement().setAttribute("role", site.url ? "link" : "img");
      });
      if (site.url) {
        marker.on("click keypress", function (event) {
          if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
          window.location.assign(site.url);
        });
      }
      return marker;
    });
  }

  // The same shapes, thousands at once.
  function dots(map, sites) {
    map.createPane("dots").classList.add("map-dots");
    var renderer = L.canvas({ padding: 0.3, pane: "dots" });
    map.once("layeradd", function () {
      setTimeout(passOn, 0, renderer);
    });
    var Dot = L.CircleMarker.extend({
      _updatePath: function () {
        var canvas = this._renderer;
        if (!canvas._drawing || this._empty()) return;
        var context = canvas._ctx;
        var size = this._radius / 10;
        var middle = this._point;
        context.beginPath();
        this.options.corners.forEach(function (corner) {
          context.lineTo(middle.x + corner[0] * size, middle.y + corner[1] * size);
        });
        context.closePath();
        canvas._fillStroke(context, this);
      }
    });
    return sites.map(function (site) {
      var corners = site.corners.split(" ").map(function (pair) {
        return pair.split(",").map(Number);
      });
      var dot = new Dot(site.at, {
        renderer: renderer,
        pane: "dots",
        corners: corners,
        radius: 6,
        weight: 1,
        color: site.isExact ? data.colours.edge : data.colours.fill,
        fillColor: site.isExact ? data.colours.fill : data.colours.hollow,
        fillOpacity: 1
      });
      dot.bindTooltip(paragraph(site.words));
      if (site.url) {
        dot.on("click", function () {
          window.location.assign(site.url);
        });
      }
      return dot;
    });
  }

  // A canvas lies over the areas: what hits no dot is meant for the area below.
  function passOn(renderer) {
    var canvas = renderer._container;
    var before = null;
    function below(event) {
      canvas.style.pointerEvents = "none";
      var found = document.elementFromPoint(event.clientX, event.clientY);
      canvas.style.pointerEvents = "";
      return found && found.matches("path.leaflet-interactive") ? found : null;
    }
    function repeat(kind, event, target) {
      if (target) target.dispatchEvent(new MouseEvent(kind, { bubbles: true, clientX: event.clientX, clientY: event.clientY }));
    }
    function follow(event) {
      var found = renderer._hoveredLayer || event.type === "mouseout" ? null : below(event);
      if (found !== before) {
        repeat("mouseout", event, before);
        repeat("mouseover", event, found);
        before = found;
      }
      repeat("mousemove", event, found);
    }
    canvas.addEventListener("mousemove", follow);
    canvas.addEventListener("mouseout", follow);
    canvas.addEventListener("click", function (event) {
      if (!renderer._hoveredLayer) repeat("click", event, below(event));
    });
  }

  function sites(map) {
    load("map-sites", data.sites, function (columns) {
      var found = unpacked(columns);
      var layer = L.layerGroup(found.length > MOST_SIGNS ? dots(map, found) : markers(found));
      layer.addTo(map);
      toggle(map, layer, "sites");
      if (found.length && !data.geometry && !document.getElementById("map-geometry")) {
        show(map, L.latLngBounds(found.map(function (site) { return site.at; })));
      }
    });
  }

  function toggle(map, layer, name) {
    var box = document.querySelector('[data-layer="' + name + '"]');
    if (!box) return;
    box.disabled = false;
    box.addEventListener("change", function () {
      if (box.checked) layer.addTo(map);
      else layer.remove();
    });
    if (!box.checked) layer.remove();
  }

  function button(bar, label, words, act) {
    var element = document.createElement("button");
    element.type = "button";
    element.className = "map-button";
    element.textContent = label;
    element.setAttribute("aria-label", words);
    element.addEventListener("click", act);
    bar.appendChild(element);
  }

  function controls(map) {
    var box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", data.words.map);
    map.on("zoomend", function () {
      box.classList.toggle("is-near", map.getZoom() >= NEAR);
    });
    var bar = document.getElementById("map-buttons");
    if (!bar) return;
    bar.hidden = false;
    button(bar, "+", data.words["in"], function () { map.zoomIn(); });
    button(bar, "−", data.words.out, function () { map.zoomOut(); });
    button(bar, data.words.reset, data.words.reset, function () { if (whole) map.fitBounds(whole, { padding: [12, 12] }); });
    button(bar, "←", data.words.left, function () { map.panBy([-120, 0]); });
    button(bar, "→", data.words.right, function () { map.panBy([120, 0]); });
    button(bar, "↑", data.words.up, function () { map.panBy([0, -120]); });
    button(bar, "↓", data.words.down, function () { map.panBy([0, 120]); });
  }

  window.portalMap = { areas: areas, sites: sites, controls: controls };
})();
